"""Several machines: kustomize takes the manifests, and what they say agrees with the product and with itself."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from hub import serving
from hub.app import create_app
from hub.settings import Settings
from tests.deploy.files import (
    DEPLOY,
    PROGRAMS,
    compose,
    container,
    env_file,
    of_kind,
    program,
    settings_that_exist,
    workloads,
)

POD = yaml.safe_load((DEPLOY / "kubernetes/pod.yaml").read_text("utf-8"))["spec"]["template"]["spec"]
(HUB,) = POD["containers"]
LISTENING = 2
"""Connections of a web process besides its pool's: it hears of changes in the directory."""
OF_OPERATORS = {"postgresql.cnpg.io", "barmancloud.cnpg.io", "monitoring.coreos.com"}
"""Their schemas come with them: these objects are checked against the product alone."""
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
SETTINGS = env_file("kubernetes/settings.env")


def is_hub(one):
    return one["metadata"]["labels"].get("runs") == "mesa"


def spec_of(one):
    return one["spec"]["template"]["spec"]


def test_every_setting_exists_and_the_secrets_are_files_of_the_pod():
    assert SETTINGS.keys() <= settings_that_exist()
    (secrets,) = [one for one in HUB["volumeMounts"] if one["name"] == "secrets"]
    for name, value in SETTINGS.items():
        assert not name.endswith("_FILE") or value.startswith(secrets["mountPath"]), name
    assert set(compose()["services"]["web"]["environment"]) == {
        name for name in SETTINGS if name.endswith("_FILE")}  # fmt: skip


def test_no_secret_is_in_the_manifests():
    assert not of_kind("Secret")
    text = "".join(file.read_text() for file in (DEPLOY / "kubernetes").rglob("*") if file.is_file())
    assert not re.search(r"(?i)(password|secret[-_]?key|token)\s*[:=]\s*['\"]?[0-9a-f]{12}", text)
    named = set(re.findall(r"(?:secret: \{name|secretName|accessKeyId: \{name): (mesa-[a-z-]+)", text))
    told = (DEPLOY / "README.md").read_text("utf-8")
    for name in named - {"mesa-db-app"}:
        assert f"create secret generic {name}" in told or f"create secret tls {name}" in told, name


def test_probes_ask_doors_that_there_are_at_ports_that_are_open():
    app = create_app(Settings(database_url="postgresql://127.0.0.1:1/x", secret_key="x", documents="/tmp/mesa-none"))
    doors = {str(rule) for rule in app.url_map.iter_rules()}
    proxy = (DEPLOY / "nginx/container.conf").read_text()
    web = {}
    for one in workloads():
        open_ports = {port["name"] for port in container(one).get("ports", ())}
        for name in set(PROBES) & container(one).keys():
            probe = container(one)[name]
            asked = probe.get("httpGet") or probe["tcpSocket"]
            assert asked["port"] in open_ports
            if "path" in asked:
                known = doors if is_hub(one) else set(re.findall(r"location = (\S+)", proxy))
                assert asked["path"] in known, (one["metadata"]["name"], asked)
                web[one["metadata"]["name"], name] = asked["path"]
    assert ("mesa-web", "livenessProbe") not in web, "threads that all carry uploads are no reason to kill the web"
    assert web["mesa-web", "readinessProbe"] == "/salud/listo"


def test_services_ports_and_images_agree_with_the_containers_of_one_machine():
    by_part = {one["spec"]["template"]["metadata"]["labels"]["part"]: container(one) for one in workloads()}
    for service in of_kind("Service"):
        ports = {port["name"] for port in by_part[service["spec"]["selector"]["part"]]["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    here = compose()["services"]
    for part, service in (("clamav", "clamav"), ("proxy", "proxy")):
        assert by_part[part]["image"] == here[service]["image"]
    assert here["web"]["image"].startswith(f"{HUB['image']}:")
    (web,) = by_part["web"]["ports"]
    assert SETTINGS["MESA_BIND"].endswith(f":{web['containerPort']}")
    assert {one["containerPort"] for one in by_part["proxy"]["ports"]} == {
        int(port) for port in re.findall(r"listen (\d+)", (DEPLOY / "nginx/container.conf").read_text())}  # fmt: skip
    assert SETTINGS["MESA_CLAMAV"] == f"mesa-clamav:{by_part['clamav']['ports'][0]['containerPort']}"
    assert {by_part[part]["args"][0] for part in ("web", "worker", "papers", "returns")} == PROGRAMS - {"migrate"}


def test_who_stops_is_given_the_time_to_finish_and_no_longer_than_its_lease():
    by_name = {one["metadata"]["name"]: one for one in workloads()}
    worker = spec_of(by_name["mesa-worker"])["terminationGracePeriodSeconds"]
    assert float(SETTINGS["MESA_CALL_TIMEOUT"]) < worker < float(SETTINGS["MESA_LEASE"])
    web = by_name["mesa-web"]
    waits = int(container(web)["lifecycle"]["preStop"]["exec"]["command"][1])
    assert waits + serving.graceful_timeout < spec_of(web)["terminationGracePeriodSeconds"]
    probe = container(web)["readinessProbe"]
    assert waits > probe["periodSeconds"]


def test_everything_runs_closed_and_as_nobody_special():
    for one in workloads():
        pod = POD if is_hub(one) else spec_of(one)
        closed = pod["containers"][0]["securityContext"]
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0
        assert closed["allowPrivilegeEscalation"] is False and closed["readOnlyRootFilesystem"] is True
        assert closed["capabilities"] == {"drop": ["ALL"]}
        assert pod["automountServiceAccountToken"] is False
        assert container(one)["resources"]["limits"]["memory"] and container(one)["resources"]["requests"]["cpu"]
    namespace = of_kind("Namespace")[0]["metadata"]["labels"]
    assert namespace["pod-security.kubernetes.io/enforce"] == "restricted"


def test_connections_of_all_programs_fit_the_database_also_while_a_version_is_rolled_out():
    from hub.app import POOL as WEB
    from hub.worker import POOL as WORKER

    replicas = {one["metadata"]["name"]: one["spec"].get("replicas", 1) for one in of_kind("Deployment")}
    (scaler,) = of_kind("HorizontalPodAutoscaler")
    a_web = int(SETTINGS["MESA_WEB_WORKERS"]) * (WEB["pool_size"] + WEB["max_overflow"] + LISTENING)
    a_worker = WORKER["pool_size"] + WORKER["max_overflow"] + 1
    webs = (scaler["spec"]["maxReplicas"] + 1) * a_web
    most = webs + replicas["mesa-worker"] * a_worker + 6 * (replicas["mesa-papers"] + 1)
    (cluster,) = of_kind("Cluster")
    assert most + 20 <= int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])


def test_the_database_confirms_nothing_that_only_one_machine_has_and_is_copied_away():
    (cluster,) = of_kind("Cluster")
    spec = cluster["spec"]
    assert spec["instances"] == 3 and spec["affinity"]["podAntiAffinityType"] == "required"
    assert spec["postgresql"]["synchronous"] == {"method": "any", "number": 1, "dataDurability": "required"}
    (store,), (nightly,) = of_kind("ObjectStore"), of_kind("ScheduledBackup")
    assert spec["plugins"][0]["isWALArchiver"]
    assert spec["plugins"][0]["parameters"]["barmanObjectName"] == store["metadata"]["name"]
    assert nightly["spec"]["cluster"]["name"] == cluster["metadata"]["name"]
    assert SETTINGS["MESA_DOCUMENTS"].split("/")[2] != store["spec"]["configuration"]["destinationPath"].split("/")[2]


def test_nothing_is_allowed_that_is_not_written_and_what_must_talk_may():
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind("NetworkPolicy")}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    opened = [port["port"] for rule in policies["hub"]["egress"] for port in rule["ports"]]
    assert opened == [5432, 3310, 80, 443]
    assert policies["web"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"] == {"part": "proxy"}
    parts = {one["spec"]["template"]["metadata"]["labels"]["part"] for one in workloads()}
    for spec in policies.values():
        part = spec["podSelector"].get("matchLabels", {}).get("part")
        assert part is None or part in parts


def test_the_rules_for_the_operator_are_those_of_deploy_monitoring():
    made = subprocess.run(["sh", DEPLOY / "kubernetes/rules.sh"], stdout=subprocess.PIPE, check=True, timeout=10)
    rule = yaml.safe_load(made.stdout)
    assert rule["kind"] == "PrometheusRule"
    assert rule["spec"] == yaml.safe_load((DEPLOY / "monitoring/alerts.yml").read_text("utf-8"))
    (watched,) = of_kind("ServiceMonitor")
    (service,) = [one for one in of_kind("Service") if one["metadata"]["name"] == "mesa-web"]
    assert service["metadata"]["labels"][watched["spec"]["jobLabel"]] == "mesa", "the rules ask for the job mesa"
    assert rule["apiVersion"] == watched["apiVersion"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sector's own manifests, as kustomize puts them together."""
    kubectl, folder = program("kubectl"), tmp_path_factory.mktemp("sector")
    shutil.copytree(DEPLOY, folder / "un clon/deploy")
    script = folder / "un clon/deploy/kubernetes/sector.sh"
    subprocess.run(["sh", script, folder / "sector"], check=True, timeout=60)
    (folder / "sector/entities.yaml").write_text("entidades: []\n")
    (folder / "sector/ca.pem").write_text("-\n")
    done = subprocess.run([kubectl, "kustomize", folder / "sector"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return list(yaml.safe_load_all(done.stdout))


def test_kustomize_puts_a_sector_together_and_the_job_finds_all_it_needs_before_the_rest(whole):
    ours = [one for one in whole if one["metadata"].get("labels", {}).get("runs") == "mesa"]
    assert len(ours) == 5 and all(container(one)["image"] == "registro.example/mesa-integrada:0.6.0" for one in ours)
    assert all(spec_of(one)["securityContext"]["runAsNonRoot"] for one in ours)
    before = {(one["kind"], one["metadata"]["name"]) for one in whole
              if one["metadata"].get("labels", {}).get("stage") == "before"}  # fmt: skip
    (job,) = [one for one in whole if one["kind"] == "Job"]
    named = {container(job)["envFrom"][0]["configMapRef"]["name"]}
    named |= {volume["configMap"]["name"] for volume in spec_of(job)["volumes"]
              if "configMap" in volume and not volume["configMap"].get("optional")}  # fmt: skip
    assert {("ConfigMap", name) for name in named} | {("Job", "mesa-migrate"), ("Cluster", "mesa-db"),
            ("ServiceAccount", "mesa"), ("Namespace", "mesa"), ("ObjectStore", "mesa-backups")} == before  # fmt: skip


def test_the_schemas_of_kubernetes_take_what_kustomize_made(whole):
    program("kubectl")
    validator = validator_of_kubernetes()
    own = [one for one in whole if one["apiVersion"].partition("/")[0] not in OF_OPERATORS]
    assert len(own) > 20
    for one in own:
        validator.validate(one, validator.latest_version(), strict=True)


def validator_of_kubernetes():
    try:
        import kubernetes_validate
    except ImportError:
        missing = "kubernetes-validate no está: make deploy-check lo instala"
        (pytest.fail if os.environ.get("MESA_DEPLOY_CHECK") else pytest.skip)(missing)
    return kubernetes_validate
