"""Our rules for semgrep: each finds the hole that was planted for it, and the product has none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).parent / "semgrep"
HOLES = {
    "sql-put-together": "def f(cursor, name):\n    cursor.execute(f'SELECT * FROM t WHERE a = {name}')\n",
    "redirect-from-request": "def f(request):\n    to = request.GET['next']\n    return redirect(to)\n",
    "request-in-response": "def f(request):\n    return HttpResponse('Hello ' + request.POST['name'])\n",
    "request-in-log": "def f(request):\n    log.info('typed', extra={'a': request.POST['a']})\n",
    "secret-compared-openly": "def f(token, typed):\n    return token == typed\n",
    "counted-after-reading": "def f(row):\n    row.attempts += 1\n    row.save()\n",
    "row-lock": "def f(rows):\n    return rows.select_for_update().get()\n",
    "address-from-request": "def f(request):\n    return request.build_absolute_uri('/reset/')\n",
    "source-from-header": "def f(request):\n    return request.META.get('HTTP_X_FORWARDED_FOR', '')\n",
    "unchecked-form": "@csrf_exempt\ndef f(request):\n    return render(request, 'a.html')\n",
    "session-shared-secret": "def f(request, typed):\n    request.session['new_password'] = typed\n",
    "tls-unverified": "def f(context):\n    context.check_hostname = False\n",
}
GOOD = """
def f(cursor, request, typed, token, rows):
    cursor.execute("SELECT * FROM t WHERE a = %s", [request.GET["a"]])
    rows.filter(attempts__lt=5).update(attempts=F("attempts") + 1)
    log.info("reset_asked", extra={"status_code": 200})
    if hmac.compare_digest(token, typed) and token == "":
        return redirect(safe_path(request.GET["next"]))
    return HttpResponse(escape(request.GET["a"]))
"""


def run(folder: Path, *targets: str) -> set[tuple[str, str]]:
    """Rules and files of all findings, without network and outside any home folder."""
    environment = os.environ | {
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "SEMGREP_SETTINGS_FILE": str(folder / "settings.yml"),
        "SEMGREP_LOG_FILE": str(folder / "log"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    command = ["semgrep", "scan", "--metrics=off", "--disable-version-check", "--json", "--quiet", "--jobs=2"]
    done = subprocess.run(
        [*command, f"--config={RULES}", *targets],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["errors"] == [], report["errors"]
    return {(found["check_id"].rpartition(".")[2], Path(found["path"]).name) for found in report["results"]}


def test_every_rule_finds_its_planted_hole_and_nothing_in_good_code(tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    for rule, code in HOLES.items():
        (folder / f"{rule}.py").write_text(code)
    (folder / "good.py").write_text(GOOD)
    assert run(tmp_path, str(folder)) == {(rule, f"{rule}.py") for rule in HOLES}


def test_every_rule_has_a_planted_hole() -> None:
    written = [
        line.split(":")[1].strip() for line in (RULES / "house.yml").read_text().splitlines() if " - id:" in line
    ]
    assert written == list(HOLES)


@pytest.mark.parametrize("target", ["bawaba"])
def test_the_product_has_no_such_hole(tmp_path: Path, target: str) -> None:
    assert run(tmp_path, target) == set()
