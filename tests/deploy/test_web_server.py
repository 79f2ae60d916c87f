"""nginx takes both configurations: that of a machine, and the template of the containers."""

import subprocess

import pytest

from tests.deploy.files import DEPLOY, program

NGINX = DEPLOY / "nginx"
WHOLE = """pid {folder}/pid; error_log stderr;
events {{}}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; include {folder}/site.conf; }}
"""


@pytest.fixture
def certificate(tmp_path):
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=mesa", "-keyout", tmp_path / "tls.key", "-out", tmp_path / "tls.crt"]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True, timeout=30)
    for name, file in (("fullchain.pem", "tls.crt"), ("privkey.pem", "tls.key")):
        (tmp_path / name).write_bytes((tmp_path / file).read_bytes())
    return tmp_path


@pytest.mark.parametrize("site", ["mesa.conf", "container.conf"])
def test_nginx_takes_the_configuration(certificate, site):
    text = (NGINX / site).read_text("utf-8").replace("/etc/ssl/mesa", str(certificate))
    text = text.replace("/etc/nginx/mesa/", f"{NGINX}/")
    # Names that only the containers know, and a word that the distribution's older nginx does not.
    text = text.replace("${NGINX_LOCAL_RESOLVERS}", "127.0.0.1").replace("${MESA_WEB} resolve", "127.0.0.1:5000")
    (certificate / "site.conf").write_text(text)
    (certificate / "nginx.conf").write_text(WHOLE.format(folder=certificate))
    done = subprocess.run([program("nginx"), "-t", "-p", certificate, "-c", certificate / "nginx.conf"],
                          capture_output=True, text=True, timeout=30)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "test is successful" in done.stderr


def test_the_proxy_lets_through_what_the_product_takes_and_keeps_the_figures_to_itself():
    from hub.settings import Settings

    text = (NGINX / "locations.conf").read_text("utf-8")
    (limit,) = [line.split()[1].rstrip("m;") for line in text.splitlines() if line.startswith("client_max_body_size")]
    assert int(limit) * 1024 * 1024 > Settings().max_request
    assert "location = /metrics {\n    return 404;" in text
