"""Issues that bring their past along: from tables, GeoJSON or another Open311 server, again and again without doubling."""
