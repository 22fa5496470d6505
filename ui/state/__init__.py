"""What a screen shows, decided without Qt: frozen objects that widgets copy."""
