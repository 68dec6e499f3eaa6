"""Reading what is on paper: the files attached to a PDF, and QR codes from its pages or from a photo or scan.

Such a file may come from anybody: a process of its own reads it, with limits on time and memory (scan.py, worker.py).
"""
