"""What readers and programs see over HTTP: views, the words and citations on them, machine forms."""
