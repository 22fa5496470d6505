"""Ways of carrying packets, behind one interface (base)."""
