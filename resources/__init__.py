"""Data only: words, icons, paper templates, fonts, the sample office."""
