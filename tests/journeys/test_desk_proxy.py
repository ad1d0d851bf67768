"""Live updates through a proxy as it comes: nginx with `proxy_pass` and not one line more."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.test_desk_live import ask, connected, row  # noqa: F401  ask is a fixture
from tests.servers import free_port

CONFIG = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass {behind}; }}
  }}
}}
"""


@pytest.fixture
def proxy(product, tmp_path: Path):
    """The address of an nginx in front of the product."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("nginx is not installed")
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(CONFIG.format(folder=tmp_path, port=port, behind=product.url))
    process = subprocess.Popen([program, "-p", tmp_path, "-c", config])
    yield f"{product.url.rpartition(':')[0]}:{port}"
    process.terminate()
    process.wait(10)


def test_news_come_at_once_through_nginx_as_it_comes(product, post, visit, ask, proxy):  # noqa: F811
    ask("¿Hacéis envíos a Canarias?")
    page = visit.member(product, "ana")
    page.goto(f"{proxy}/c/bandejas/equipo/")  # a cookie is for a host, whatever its port
    connected(page)
    number = ask("¿Y a Ceuta?")
    began = time.monotonic()
    expect(row(page, number)).to_be_visible(timeout=5_000)
    assert time.monotonic() - began < 5
    # The stream is not collected by the proxy: it is the same one that goes on.
    second = ask("¿Y a Melilla?")
    expect(row(page, second)).to_be_visible(timeout=5_000)
