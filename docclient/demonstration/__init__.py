"""What the demonstration needs and a real office has from elsewhere: a certificate authority, soft tokens."""
