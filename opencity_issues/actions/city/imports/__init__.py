"""What a city brings in files: each kind is planned whole, shown, and written whole or not at all."""
