#!/bin/sh
# The alert rules of deploy/monitoring as the Prometheus operator wants them: sh rules.sh | kubectl apply -n mesa -f -
set -eu
cat <<'HEAD'
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: mesa
spec:
HEAD
sed 's/^/  /' "$(dirname "$0")/../monitoring/alerts.yml"
