#!/bin/sh
# Puts a version to work, the first one too: tables first, then the old workers stop, then everything new starts.
#   sh roll-out.sh FOLDER      FOLDER is your sector's, made from deploy/kubernetes/sector
# What is filed while no worker runs waits in the outbox. Stops at whatever fails, and may be run again.
set -eu
here=${1:?"uso: roll-out.sh CARPETA (la de tu sector, hecha de deploy/kubernetes/sector)"}
k="kubectl --namespace ${NAMESPACE:-mesa}"

kubectl kustomize "$here" >/dev/null
echo "1/4 Base de datos, ajustes y migraciones..."
$k delete job mesa-migrate --ignore-not-found
kubectl apply --kustomize "$here" --selector stage=before
$k wait --for=condition=Ready --timeout=15m clusters.postgresql.cnpg.io/mesa-db
$k wait --for=condition=complete --timeout=120m job/mesa-migrate

echo "2/4 Los repartidores de la versión anterior terminan lo que tienen..."
if [ -n "$($k get deployment mesa-worker --ignore-not-found -o name)" ]; then
    $k scale deployment/mesa-worker --replicas=0
    $k wait --for=delete --timeout=3m pod --selector part=worker || true
fi

echo "3/4 La versión nueva..."
kubectl apply --kustomize "$here" --selector stage!=before
for one in web papers worker proxy; do $k rollout status "deployment/mesa-$one" --timeout=15m; done

echo "4/4 Revisión..."
$k exec deployment/mesa-worker -- mesa doctor
