"""Keys on tokens and in files. Vendors' PKCS#11 libraries run in processes of their own (host, child)."""
