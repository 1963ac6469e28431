"""Charts as plain plotly dictionaries, drawn from small read models with texts ready to show."""
