"""What is inside a seal: the manifest, the tar and its padding, names of files; what a printed code holds."""
