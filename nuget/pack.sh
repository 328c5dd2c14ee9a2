#!/usr/bin/env bash
# Packs SequenceModels, its engine, sound, MPI and templates into artifacts/packages and compares what is in them with what should be.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf artifacts/packages
dotnet pack src/SequenceModels.Core
dotnet pack src/SequenceModels
dotnet pack src/SequenceModels.Audio
dotnet pack src/SequenceModels.Mpi
dotnet pack src/SequenceModels.Templates
dotnet run nuget/contents.cs -- artifacts/packages > artifacts/packages/contents.txt
diff nuget/contents.approved.txt artifacts/packages/contents.txt
