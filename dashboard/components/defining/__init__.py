"""Defining KPIs: the list of definitions, the editor of one, import and export."""
