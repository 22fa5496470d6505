"""Pictures of pages, drawn by PDFium in a process of its own."""
