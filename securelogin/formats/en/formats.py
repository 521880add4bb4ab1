"""English, for readers on either side of an ocean: the year first, as ISO 8601 has it."""

SHORT_DATE_FORMAT = DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
SHORT_DATETIME_FORMAT = DATETIME_FORMAT = "Y-m-d H:i"
