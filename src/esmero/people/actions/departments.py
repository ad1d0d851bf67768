"""Writes about departments."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import slugify

from esmero.kernel import audit
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line
from esmero.kernel.transactions import action
from esmero.people.errors import (
    DepartmentInUse,
)
from esmero.people.models import (
    Department,
)


@action
def open_department(
    *,
    name: str,
    slug: str = "",
    description: str = "",
    is_default: bool = False,
    at: datetime,
    actor: str,
) -> int:
    """Add a department and return its id; the first one is the default."""
    is_first = not Department.objects.exists()
    if is_default:
        Department.objects.filter(is_default=True).update(is_default=False)
    base = slug or slugify(name) or "departamento"
    free, number = base, 1
    while Department.objects.filter(slug=free).exists():
        number += 1
        free = f"{base}-{number}"
    pk = Department.objects.create(
        name=one_line(name, 80),
        slug=free,
        description=one_line(description, 300),
        is_default=is_default or is_first,
        position=Department.objects.count(),
    ).pk
    audit.record(at=at, actor=actor, action="department.opened", ref=ref("department", pk))
    return pk


@action
def change_department(
    *,
    department_id: int,
    name: str,
    description: str,
    is_public: bool,
    at: datetime,
    actor: str,
) -> None:
    """Rename or describe a department. Raises NotFound."""
    changed = Department.objects.filter(pk=department_id, closed_at=None).update(
        name=one_line(name, 80), description=one_line(description, 300), is_public=is_public
    )
    if not changed:
        raise NotFound(department_id=department_id)
    audit.record(
        at=at, actor=actor, action="department.changed", ref=ref("department", department_id)
    )


@action
def close_department(*, department_id: int, at: datetime, actor: str) -> None:
    """Take a department out of use. Raises DepartmentInUse for the default one, NotFound."""
    department = Department.objects.filter(pk=department_id, closed_at=None).first()
    if department is None:
        raise NotFound(department_id=department_id)
    if department.is_default:
        raise DepartmentInUse(department_id=department_id)
    Department.objects.filter(pk=department_id).update(closed_at=at)
    audit.record(
        at=at, actor=actor, action="department.closed", ref=ref("department", department_id)
    )
