"""The `cra` command and its nouns."""

from __future__ import annotations

import typer

from dashboard.command_line import audit, db, demo, extract, kpi, report, serve, user

app = typer.Typer(
    name="cra",
    help="The CRA dashboard from the command line. Exit codes: 0 done, 1 refused, 2 wrong use.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("demo")(demo.install)
app.add_typer(extract.app, name="extract", help="Check and load operational extracts.")
app.add_typer(kpi.app, name="kpi", help="List, compute and explain KPIs.")
app.add_typer(report.app, name="report", help="Build management reports.")
app.add_typer(user.app, name="user", help="People and their roles.")
app.add_typer(db.app, name="db", help="The database of registers.")
app.add_typer(audit.app, name="audit", help="The audit trail.")
