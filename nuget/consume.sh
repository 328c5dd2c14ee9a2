#!/usr/bin/env bash
# Uses the packed package as a stranger would: one process trains and saves, a second loads and scores. The scores must be
# the same to the bit. Run nuget/pack.sh first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

package=$(echo artifacts/packages/SequenceModels.Core.*.nupkg)
version=${package#*/SequenceModels.Core.}
work=artifacts/consumer
rm -rf "$work" # also the packages restored last time, which have the same version
dotnet build nuget/consumer -p:PackedVersion="${version%.nupkg}" -o "$work/app"
dotnet "$work/app/consumer.dll" train "$work/model.zip" | tee "$work/trained.txt"
dotnet "$work/app/consumer.dll" score "$work/model.zip" > "$work/loaded.txt"
dotnet "$work/app/consumer.dll" listen "$work/sound.zip" >> "$work/trained.txt"
dotnet "$work/app/consumer.dll" hear "$work/sound.zip" >> "$work/loaded.txt"
test -s "$work/loaded.txt"
if command -v mpirun >/dev/null; then
  # Open MPI gives its processes a terminal, to which .NET would write what terminals take for a command.
  TERM=dumb OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -n 2 dotnet "$work/app/consumer.dll" spread "$work/spread.zip" > "$work/spread.txt"
  diff <(head -n "$(wc -l < "$work/spread.txt")" "$work/trained.txt") "$work/spread.txt"
  test -s "$work/spread.txt"
else
  echo "There is no mpirun: training by several processes was not tried."
fi
diff "$work/trained.txt" "$work/loaded.txt"
echo "The loaded model gives the same scores as the trained one, to the bit."
