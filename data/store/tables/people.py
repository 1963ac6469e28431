"""Who may come in: people, their roles, their signed-in sessions."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Versioned, moment


class Person(Versioned, table=True):
    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, index=True)  # lower case
    name: str
    password_hash: str | None = None  # argon2id; empty when someone else vouches for the person
    language: str = "en"
    active: bool = True
    demo: bool = False
    failed_sign_ins: int = 0
    locked_until: datetime | None = moment(default=None)
    created_at: datetime = moment()


class RoleGrant(SQLModel, table=True):
    """Who has which role in which unit, and since when; ended, never deleted."""

    __tablename__ = "role_grant"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    unit_code: str = Field(foreign_key="org_unit.code")
    granted_by: str
    granted_at: datetime = moment()
    ended_by: str | None = None
    ended_at: datetime | None = moment(default=None)


class SignInSession(SQLModel, table=True):
    """A signed-in browser. Only the hash of its cookie is kept."""

    __tablename__ = "sign_in_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class ApiToken(SQLModel, table=True):
    """A key with which programs read the data interface as a person. Only its hash is kept."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str
    token_hash: str = Field(unique=True, index=True)
    ending: str  # its last four characters, for people to tell tokens apart
    created_at: datetime = moment()
    expires_at: datetime = moment()
    last_used_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)
