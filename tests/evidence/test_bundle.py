"""A bundle of a filing that walked: checked elsewhere, with the published certificates and nothing else."""

from tests.evidence.installation import mesa


def test_it_verifies_in_another_installation_with_the_published_certificates_alone(walked, tmp_path):
    done = mesa("verify", walked.path, "--ca", walked.ca, "--tsa", walked.tsa, empty=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Expediente íntegro")
