"""The profiles at hand: they map files to contracts (docs/extract-profiles.md).

Every contract has a native profile, made from `profiles/native.toml`; the other files of that
folder come with the product too, and an installation adds its own from a folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from data.errors import Invalid, NotFound
from data.extracts.contracts import all_contracts
from data.extracts.profile import Profile
from data.extracts.profile_files import FOLDER, NATIVE, native_id, native_profile, read_profile

__all__ = ["Profile", "Profiles", "find_profile", "load_profiles"]


class Profiles:
    """The profiles at hand: those of the product and those of the installation."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = dict(profiles)

    def get(self, profile_id: str) -> Profile:
        """The profile of that id; NotFound when there is none."""
        try:
            return self._profiles[profile_id]
        except KeyError:
            known = tuple(self._profiles)
            raise NotFound("extracts.profile.unknown", profile=profile_id, known=known) from None

    def for_contract(self, name: str) -> tuple[Profile, ...]:
        return tuple(profile for profile in self if profile.contract.name == name)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())

    def __len__(self) -> int:
        return len(self._profiles)


def find_profile(profile_id: str, folder: Path | None) -> Profile:
    """The profile of that id; the files of the others are read only where it is not native."""
    for contract in all_contracts():
        if profile_id == native_id(contract):
            return native_profile(contract)
    return load_profiles(folder).get(profile_id)


def load_profiles(folder: Path | None) -> Profiles:
    """Every profile of the product and of the folder; a faulty file is Invalid and says where."""
    found = {}
    for contract in all_contracts():
        profile = native_profile(contract)
        found[profile.id] = profile
    own = sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
    shipped = sorted(path for path in FOLDER.glob("*.toml") if path.name != NATIVE)
    for path in (*shipped, *own):
        profile = read_profile(path, built_in=path in shipped)
        if profile.id in found:
            raise Invalid("extracts.definition.id_taken", file=path.name, id=profile.id)
        found[profile.id] = profile
    return Profiles(found)
