"""Asking the UN's Official Document System for documents, gently, and keeping a record of every request.

``ods`` knows its addresses and when to ask, ``client`` how, ``judge`` what an answer is: all plain Python.
``examine`` looks whether the text is what was asked for, ``kept`` plans and stores answers that could not be
read, ``family`` lists the documents of a family, ``run`` does all of it in order and writes the record.
"""
