"""Papers: a document described once, and shown as a page, a PDF and a spreadsheet. No database, no law."""
