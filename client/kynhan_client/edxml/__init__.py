"""edXML (QCVN 102:2016/BTTTT): how state offices exchange documents, for a dossier that goes there or came from there.

model.py what a file says, write.py and read.py its XML, exporting.py and importing.py the way from and to a package,
status.py what became of a document. docs/spec/edxml.md has every element and the source it follows. An edXML file is
not sealed: whoever has it can read it.
"""
