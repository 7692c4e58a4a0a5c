# The least energy at which the test loss of a problem reaches a target: by constant values, by schedules.
# Usage: bash least.sh PROBLEM TARGET LARGEST-RATE
# Writes least.csv (a line for each energy and what is scheduled) and constants.csv (best constant values for
# several numbers of steps); folders PROBLEM/ENERGY-SCHEDULED hold the runs.
set -euo pipefail
problem=$1 target=$2 largest=$3
rate=learning_rate=$(awk "BEGIN {print $largest / 100}"):$largest
batch=sample_mask.density=0.001:1
plastic=weight_mask.density=0.001:1

value() { awk -v key="$1:" '$1 == key { print $2 }' "$2/run.yaml"; }

# The absolute change is closed without weight masks alone; writes need them.
least() {
  energy=$1
  folder=$2
  shift 2
  masks=()
  [ "$energy" = absolute_change ] ||
    masks=(--set weight_mask.kind=independent --set weight_mask.density=0.5)
  dmft optimise "$problem.yaml" --quiet --force --output "$folder" --minimise "$energy" \
    --target "test_loss=$target" "${masks[@]}" "$@" > /dev/null
}

for energy in absolute_change writes samples_used; do
  tuned=(--tune "$rate" --tune "$batch")
  [ "$energy" = absolute_change ] || tuned+=(--tune "$plastic")
  for steps in 2 4 6 8 12 15 20 30 40 60; do
    folder=$problem/constant
    # Few steps may not reach the target at all.
    least "$energy" $folder "${tuned[@]}" --set "steps=$steps" --starts 2 2> /dev/null || continue
    echo "$problem,$energy,$steps,$(value constant $folder)" >> constants.csv
  done
  for scheduled in rate batch plasticity all; do
    [ "$energy-$scheduled" != absolute_change-plasticity ] || continue
    chosen=()
    for control in rate:$rate batch:$batch plasticity:$plastic; do
      name=${control%%:*}
      [ "$energy-$name" != absolute_change-plasticity ] || continue
      if [ "$scheduled" = "$name" ] || [ "$scheduled" = all ]; then option=--over; else option=--tune; fi
      chosen+=($option "${control#*:}")
    done
    folder=$problem/$energy-$scheduled
    least "$energy" "$folder" "${chosen[@]}" --evaluations 400 --starts 4
    echo "$problem,$energy,$scheduled,$(value protocol "$folder")" >> least.csv
  done
done
