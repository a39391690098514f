"""The printed form of a document, drawn with ReportLab on letter paper and on a roll of 80 mm. No network, no clock."""
