"""The protocol as pure functions on plain values: RFC 7643 and RFC 7644, readable beside them. No Django, no I/O.

attributes, schemas   what may be held, and how a name finds its attribute        RFC 7643
syntax, strings,      filters and paths as text and as values                     RFC 7644 §3.4.2.2
grammar
filters, evaluate     filters that know their attributes, and what they mean      RFC 7644 §3.4.2.2
values, targets       what clients send, made canonical; what their names mean    RFC 7643 §2, RFC 7644 §3.10
operations, elements, changes of one attribute each, carried out on a document    RFC 7644 §3.5.2
application, members
documents, patch      the bodies of POST, PUT and PATCH                           RFC 7644 §3.3, §3.5
projection, messages  what is shown, and the envelopes                            RFC 7644 §3.4, §3.9
errors                what is refused, and in which words                         RFC 7644 §3.12
"""
