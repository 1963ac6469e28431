"""The front door: `streamlit run streamlit_app.py` serves the pages and the plain routes."""

import gc

import streamlit as st

from dashboard.shell import report_error
from dashboard.web.front_door import MIDDLEWARE, ROUTES, lifespan

app = st.App(
    "dashboard/shell.py",
    routes=ROUTES,
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=report_error,
)

# Everything is imported: what exists now is never garbage, so the collection Streamlit makes
# after every run need not look at it again.
gc.collect()
gc.freeze()
