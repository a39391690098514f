"""`make demo` as a person sees it, on a narrow terminal; and what it says when it cannot run."""

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
SALE = ROOT / "examples" / "orders" / "ferreteria.json"
CUFE = re.compile(r"FE[0-9-]{64}")
SECONDS_MAX = 120


def run_demo(folder: Path, python: Path = Path(sys.executable), **more: str) -> subprocess.CompletedProcess[str]:
    """The demo with ``folder`` as the current one, 40 columns wide, as a program and not as a terminal."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
    return subprocess.run(
        [str(python), "-m", "examples.demo"],
        cwd=folder,
        env=plain | {"PYTHONPATH": str(ROOT), "COLUMNS": "40", "TERM": "dumb", **more},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What one good run prints, line by line."""
    done = run_demo(tmp_path_factory.mktemp("demo"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


def kept(shown: list[str]) -> list[tuple[str, str, Path]]:
    """CUFE, QR address and PDF path of both invoices: each a whole line of its own."""
    headings = [place for place, line in enumerate(shown) if line.endswith(": CUFE, QR address, PDF")]
    return [(shown[place + 1], shown[place + 2], Path(shown[place + 3])) for place in headings]


def test_cufe_qr_address_and_pdf_path_stand_alone_and_whole_on_a_narrow_terminal(shown: list[str]) -> None:
    both = kept(shown)
    assert len(both) == 2
    for cufe, qr, pdf in both:
        assert CUFE.fullmatch(cufe)
        assert re.fullmatch(rf"https://\S+/Consultas/FacturasPorQR\?chFE={cufe}&iAmb=2&digestValue=\S+&jwt=\S+", qr)
        assert pdf.is_absolute()
        assert pdf.is_file()
    assert both[0][0] != both[1][0]


def test_each_pdf_opens_and_says_what_a_cafe_says(shown: list[str]) -> None:
    sale = json.loads(SALE.read_text())
    for cufe, _, path in kept(shown):
        assert path.read_bytes().startswith(b"%PDF-")
        text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        assert cufe in re.sub(r"\s", "", text)
        for wanted in ("Ferretería El Istmo", sale["client"]["name"], sale["client"]["ruc"], "ITBMS", "481.44"):
            assert wanted in text, wanted
        for line in sale["order"]["lines"]:
            assert line["description"].split()[0] in text


def test_the_life_of_the_document_is_told_step_by_step(shown: list[str]) -> None:
    whole = "\n".join(shown)
    first, second = whole.split("2. Webhooks switched off")
    steps = ("number reserved", "sent to the PAC", "PAC_AUTHORIZED", "webhook arrived", "DGI_AUTHORIZED", "PDF stored")
    assert [step for step in steps if step not in first] == []
    assert "webhook arrived" not in second
    assert "DGI_AUTHORIZED (sweep)" in second
    assert "generateInvoice" in second, "the timing of each step"


def test_the_orders_payment_is_its_total(shown: list[str]) -> None:
    paid = sum(Decimal(payment["amount"]) for payment in json.loads(SALE.read_text())["order"]["payments"])
    totals = [line.rpartition(" ")[2] for line in shown if "total B/." in line]
    assert totals == [str(paid)] * 2


def failure_of(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    assert "The demo failed: " in done.stderr
    assert re.search(r"^What to do: .{10,}$", done.stderr, re.MULTILINE), done.stderr
    return done.stderr


def test_without_the_command_istmo_it_says_how_to_install_it(tmp_path: Path) -> None:
    lonely = tmp_path / "python"
    lonely.symlink_to(Path(sys.executable).resolve())
    packages = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    told = failure_of(run_demo(tmp_path, python=lonely, PYTHONPATH=packages))
    assert "`istmo` is not installed" in told
    assert "make demo" in told


def test_where_it_may_not_write_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in the place of the folder")
    assert "var/demo" in failure_of(run_demo(tmp_path))


def test_when_a_server_does_not_come_up_it_shows_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nif sys.argv[1:2] == ['serve']:\n    sys.exit('planted: no serving today')\n"
    )
    told = failure_of(run_demo(tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}"))
    assert "`istmo serve` did not come up" in told
    assert "planted: no serving today" in told
    assert "var/demo/istmo.log" in told
