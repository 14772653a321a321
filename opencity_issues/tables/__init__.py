"""Tables that people bring: CSV in any encoding that spreadsheets write here, or a workbook; read whole, faults by line."""
