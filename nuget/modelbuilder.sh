#!/usr/bin/env bash
# modelbuilder.sh [FEED]: builds the sets of samples/ModelBuilder against the packages of FEED (artifacts/packages) and runs them. Each
# trains, says what its model is worth on rows held out, and prints rows as they are beside their predictions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

RestoreAdditionalProjectSources=$(realpath "${1:-artifacts/packages}")
# Where consume.sh restores to as well; never packages that were packed before under the same version.
NUGET_PACKAGES=$PWD/artifacts/consumer/packages
export RestoreAdditionalProjectSources NUGET_PACKAGES
rm -rf "$NUGET_PACKAGES"/sequencemodels* artifacts/modelbuilder
mkdir artifacts/modelbuilder

# run <set> <pattern>: a line of what the set prints must match the pattern.
run() {
  local folder=samples/ModelBuilder/$1 out=artifacts/modelbuilder
  rm -f "$folder/$1.mlnet"
  dotnet run --project "$folder" | tee "$out/trained.txt"
  grep -qE "$2" "$out/trained.txt" || { echo "No line matches '$2'."; return 1; }
  # Once more: the saved model predicts the same, without another training.
  (cd "$folder" && dotnet "../../../$out/bin/$1/debug/$1.dll") > "$out/loaded.txt"
  diff <(sed '1,/^Saved a model/d' "$out/trained.txt") "$out/loaded.txt"
  rm "$folder/$1.mlnet"
}

run IntentModel '^Accuracy on rows held out: (9[0-9]|100)'
run SensorModel '^Accuracy on rows held out: (9[0-9]|100)'
run SalesForecast '^Actual and predicted'
