"""Extracts of any size to measure with: columns as the contracts have them, contents by hashing."""

from __future__ import annotations

from pathlib import Path

import duckdb

MONTHS = 36
FIRST_DAY = "2023-01-02"

# Every column is a function of the row number, so that the same size gives the same file.
_APPLICATIONS = """
SELECT 'A' || lpad(i::VARCHAR, 9, '0') AS application_id,
       ['PASSPORT','ID_CARD','DRIVING_LICENCE','VEHICLE_REG','CIVIL_CERT'][1 + h % 5]
           AS service_code,
       ['first','renewal','replacement','data_change'][1 + h % 4] AS procedure_type,
       CASE WHEN h % 20 = 0 THEN 'accelerated' ELSE 'normal' END AS speed,
       ['counter','counter','counter','online'][1 + h % 4] AS channel,
       'O' || lpad((1 + h % 38)::VARCHAR, 2, '0') AS office_code,
       lpad((1 + h % 38)::VARCHAR, 2, '0') AS municipality_code,
       s AS submitted_at,
       s + INTERVAL 1 HOUR AS complete_at,
       CASE WHEN h % 50 = 0 THEN h % 7 ELSE 0 END AS suspended_days,
       (s + INTERVAL 21 DAY)::DATE AS due_date,
       (s + INTERVAL 21 DAY)::DATE AS original_due_date,
       CASE WHEN h % 40 = 1 THEN NULL WHEN h % 33 = 2 THEN 'rejected'
            WHEN h % 97 = 3 THEN 'withdrawn' ELSE 'approved' END AS decision,
       CASE WHEN h % 40 <> 1 THEN s + (1 + h % 3) * INTERVAL 1 DAY END AS decided_at,
       CASE WHEN h % 40 <> 1 AND h % 33 = 2 THEN 'INCOMPLETE' END AS rejection_reason,
       CASE WHEN h % 12 = 5 THEN 1 ELSE 0 END AS returned_count,
       CASE WHEN h % 40 <> 1 AND h % 33 <> 2 AND h % 97 <> 3
            THEN s + (4 + h % 23) * INTERVAL 1 DAY END AS ready_at,
       CASE WHEN h % 40 <> 1 AND h % 33 <> 2 AND h % 97 <> 3
            THEN s + (5 + h % 23 + h % 3) * INTERVAL 1 DAY END AS issued_at,
       CASE WHEN h % 40 = 1 THEN 'open' ELSE 'closed' END AS status,
       'p' || to_hex(h) AS applicant_pseudo,
       (1940 + h % 70)::VARCHAR AS birth_year,
       ['F', 'M'][1 + h % 2] AS sex,
       NULL AS community,
       'f' || (h % 400)::VARCHAR AS officer_pseudo,
       NULL AS appointment_id,
       h % 500 = 7 AS is_test,
       s + INTERVAL 30 DAY AS updated_at,
       TIMESTAMP '2026-01-01 06:00:00' AS extracted_at
FROM (SELECT i, (hash(i) >> 8)::BIGINT AS h,
             TIMESTAMP '{first} 08:00:00' + to_minutes(CAST((i * 1540000 // {rows}) AS BIGINT)) AS s
      FROM range({rows}) AS t(i))
"""
_PRODUCTION = """
SELECT 'P' || substr(application_id, 2) AS production_id, application_id,
       'B' || (hash(application_id) % 900)::VARCHAR AS batch_id, service_code AS document_type,
       decided_at AS sent_at, ready_at - INTERVAL 1 DAY AS personalised_at,
       CASE WHEN hash(application_id) % 61 = 0 THEN 'fail' ELSE 'pass' END AS quality_result,
       CASE WHEN hash(application_id) % 61 = 0 THEN 'PRINT' END AS defect_code,
       NULL AS reprint_of, ready_at AS shipped_at, ready_at AS received_office_at
FROM read_csv('{applications}', all_varchar = false) WHERE ready_at IS NOT NULL
"""


def write_applications(path: Path, rows: int) -> Path:
    """A CSV of so many applications over three years."""
    return _write(path, _APPLICATIONS.format(rows=rows, first=FIRST_DAY))


def write_production(path: Path, applications: Path) -> Path:
    """A CSV of one personalisation for each document that became ready."""
    return _write(path, _PRODUCTION.format(applications=applications))


def _write(path: Path, select: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (HEADER, DELIMITER ',')")
    return path
