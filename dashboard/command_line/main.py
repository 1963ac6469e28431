"""The `cra` command and its nouns."""

from __future__ import annotations

import typer

from dashboard.command_line import (
    action,
    audit,
    db,
    demo,
    extract,
    extract_quality,
    kpi,
    kpi_comment,
    kpi_compare,
    kpi_definitions,
    kpi_restated,
    reading,
    report,
    risk,
    risk_exchange,
    risk_exposure,
    serve,
    target,
    tick,
    user,
)

app = typer.Typer(
    name="cra",
    help="The CRA dashboard from the command line. Exit codes: 0 done, 1 refused, 2 wrong use.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("tick")(tick.tick)
app.command("demo")(demo.install)
extract.app.command("quality")(extract_quality.extract_quality)
app.add_typer(extract.app, name="extract", help="Check and load operational extracts.")
kpi.app.command("comment")(kpi_comment.comment)
kpi.app.command("compare")(kpi_compare.compare)
kpi.app.command("export")(kpi_definitions.export_kpis)
kpi.app.command("import")(kpi_definitions.import_file)
kpi.app.command("restated")(kpi_restated.restated_values)
kpi.app.command("retire")(kpi_definitions.retire)
kpi.app.command("reinstate")(kpi_definitions.reinstate)
app.add_typer(reading.app, name="reading", help="Values that people enter.")
app.add_typer(kpi.app, name="kpi", help="List, compute and explain KPIs.")
app.add_typer(action.app, name="action", help="Actions on KPIs.")
app.add_typer(target.app, name="target", help="What is aimed at.")
risk.app.command("exposure")(risk_exposure.exposure)
risk.app.command("export")(risk_exchange.export)
risk.app.command("import")(risk_exchange.import_file)
app.add_typer(risk.app, name="risk", help="The risk register.")
app.add_typer(report.app, name="report", help="Build management reports.")
app.add_typer(user.app, name="user", help="People and their roles.")
app.add_typer(db.app, name="db", help="The database of registers.")
app.add_typer(audit.app, name="audit", help="The audit trail.")
