#!/usr/bin/env bash
# templates.sh [FEED]: installs the templates of FEED (artifacts/packages) apart from the user's own, makes projects with them as a user
# would, and runs these with the packages of FEED. The sets of samples/ModelBuilder must be what the templates make; with UPDATE=1 they
# are made anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$PWD
RestoreAdditionalProjectSources=$(realpath "${1:-artifacts/packages}")
NUGET_PACKAGES=$root/artifacts/consumer/packages
export RestoreAdditionalProjectSources NUGET_PACKAGES
# Outside of the repository, whose settings a user's project does not have.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$NUGET_PACKAGES"/sequencemodels*
cd "$work"

new() { dotnet new "$@" --no-restore --debug:custom-hive "$work/hive" > /dev/null; }
dotnet new install "$RestoreAdditionalProjectSources"/SequenceModels.Templates.*.nupkg --debug:custom-hive "$work/hive"

# The samples.
mkdir samples
new seq-classify -o samples/IntentModel --data ../../data/intents.csv
new seq-classify -o samples/SensorModel --data ../../data/movements.csv --input frames
new seq-forecast -o samples/SalesForecast --data ../../data/sales.csv --season 7
for set in IntentModel SensorModel SalesForecast; do
  if [ "${UPDATE:-}" = 1 ]; then
    rm -rf "$root/samples/ModelBuilder/$set"
    cp -r "samples/$set" "$root/samples/ModelBuilder/$set"
  fi
  diff -r --exclude='*.mlnet' "$root/samples/ModelBuilder/$set" "samples/$set" ||
    { echo "samples/ModelBuilder/$set is not what the template makes: UPDATE=1 nuget/templates.sh makes it anew."; exit 1; }
done

# As they are made without an option they bring data that they find. Only one of them is run: the samples show the others.
new seq-classify -n Texts
new seq-classify -n Frames --input frames
new seq-forecast -n Forecasts
new seq-tag -n Tags
new seq-translate -n Dates
for project in Texts Frames Forecasts Tags Dates; do
  test -s "$project/$(sed -n 's/.*RetrainFilePath = @"\(.*\)";/\1/p' "$project/$project.training.cs")"
done

# A user's own files: other names and places of columns, other separators, with a header and without, in another order.
data=$root/samples/data
awk -F, 'NR == 1 { print "Id;Message;Kind" } NR > 1 && !/"/ { print NR ";" $2 ";" $1 }' "$data/intents.csv" > messages.csv
new seq-classify -n my-messages --data "$work/messages.csv" --label Kind --text Message --separator semicolon
awk -F, 'NR > 1 { label = $1; sub(/^[^,]*,/, ""); gsub(/,/, "\t"); print $0 "\t" label }' "$data/movements.csv" > motion.tsv
new seq-classify -n Motion --input frames --data ../motion.tsv --values 0 --label 40 --has-header false --separator tab
awk -F'\t' 'NR == 1 { print "Line Token Slot" } NR > 1 { print NF ? NR " " $1 " " $2 : "" }' "$data/requests.tsv" > slots.txt
new seq-tag -n Slots --data ../slots.txt --word Token --label 2 --separator space
{ echo "Shop,Visitors,Day"; tail -n 365 "$data/sales.csv" | tac | awk -F, '{ print "A," $2 "," $1 }'; } > visitors.csv
new seq-forecast -n Visitors --data ../visitors.csv --time Day --value Visitors --window 14 --horizon 3

awk -F, 'NR > 1 && NR < 400 && !/"/ { print $2 "\t" $1 }' "$data/dates.csv" > spoken.tsv
new seq-translate -n Spoken --data ../spoken.tsv --source 1 --target 0 --unit words --has-header false --separator tab

# Files that are read or refused, by the loading code of each set of options: one program tries them all.
new seq-classify -n Texts -o case-texts --label Label --text Text --data f.csv
new seq-classify -n Frames -o case-frames --input frames --label Label --steps 2 --features 2 --data f.csv
new seq-classify -n FramesComma -o case-frames-comma --input frames --label 0 --steps 1 --features 2 --separator semicolon --decimal-comma --data f.csv
new seq-forecast -n Sales -o case-sales --time Day --value Sold --data f.csv
new seq-forecast -n Net -o case-net --time 0 --value 'Sold, "net"' --date-format dd/MM/yyyy --decimal-comma --data f.csv
new seq-tag -n Tags -o case-tags --word Word --label Tag --data f.csv
mkdir cases
cp "$root/nuget/templates/Program.cs" cases
version=$(sed -n 's/.*"SequenceModels" Version="\(.*\)".*/\1/p' case-texts/Texts.csproj)
sed "s/PACKED_VERSION/$version/" "$root/nuget/templates/cases.csproj" > cases/cases.csproj

projects="cases Tags my-messages Motion Slots Visitors Dates Spoken"
dotnet new sln -n all > /dev/null
for project in $projects; do echo "$project/$project.csproj"; done | xargs dotnet sln add > /dev/null
dotnet build -v quiet

# run <project> <pattern>: a line of what it prints must match the pattern.
run() {
  (cd "$1" && dotnet "bin/Debug/net10.0/$1.dll") > log.txt || { cat log.txt; return 1; }
  grep -E "$2" log.txt || { cat log.txt; echo "No line matches '$2'."; return 1; }
}
run cases '^All files are read or refused as they should be'
run Tags '^Accuracy on sentences held out: (9[0-9]|100)'
run my-messages '^Accuracy on rows held out: (9[0-9]|100)'
run Motion '^Accuracy on rows held out: (9[0-9]|100)'
run Slots '^Accuracy on sentences held out: (9[0-9]|100)'
run Dates '^Wholly right on rows held out: (9[0-9]|100)'
run Spoken '^Wholly right on rows held out: '
run Visitors '^ +3 ahead +[0-9]+[.,][0-9] +\([0-9]+'

# A column that is not there is named, with those that are.
sed -i 's/Message/Msg/' messages.csv
if (cd my-messages && dotnet bin/Debug/net10.0/my-messages.dll train) > log.txt 2>&1; then exit 1; fi
grep -F "has no column 'Message', but 'Id', 'Msg', 'Kind'" log.txt
