#!/bin/sh
# A Slurm of one machine, for tests: a task of an array is a process that starts at once. Its state is in $FAKE_SLURM: `calls` has every call,
# `jobs/<job>_<task>` the state of a task, with its process in `.pid`. With the file `held` tasks wait, with `json` squeue knows JSON,
# with `sacct` there is accounting, with `most` arrays are limited.
d=$FAKE_SLURM
name=${0##*/}
echo "$name $*" >> "$d/calls"

# Runs a task until it ends without being queued again.
task() {
    while :; do
        echo RUNNING > "$d/jobs/$1_$2"
        SLURM_JOB_ID=$1 SLURM_ARRAY_JOB_ID=$1 SLURM_ARRAY_TASK_ID=$2 bash "$3" >> "$d/printed" 2>&1 &
        echo $! > "$d/jobs/$1_$2.pid"
        wait $!
        [ "$(cat "$d/jobs/$1_$2")" = REQUEUED ] || break
    done
    echo COMPLETED > "$d/jobs/$1_$2"
}

# Prints `<job>|<state>|<reason>` of each task.
tasks() {
    for file in "$d"/jobs/*_*; do
        case $file in *.pid | *'*'*) continue ;; esac
        job=${file##*/}
        state=$(cat "$file")
        reason=None
        [ "$state" = PENDING ] && reason=Priority
        echo "${job%_*}|$state|$reason"
    done
}

case $name in
sbatch)
    for word; do
        case $word in --array=*) last=${word#--array=0-} ;; esac
        script=$word
    done
    job=$(($(ls "$d/numbers" | wc -l) + 1))
    : > "$d/numbers/$job"
    for number in $(seq 0 "${last%\%*}"); do
        if [ -e "$d/held" ]; then
            echo PENDING > "$d/jobs/${job}_$number"
        else
            # The shell would keep what it redirects open: whoever reads the output would wait for the task.
            (exec < /dev/null > /dev/null 2>&1; task "$job" "$number" "$script") &
        fi
    done
    echo "$job"
    ;;
squeue)
    case $* in
    *--json*)
        [ -e "$d/json" ] || { echo "squeue: unrecognized option '--json'" >&2; exit 1; }
        separator='{"jobs": ['
        tasks | while IFS='|' read -r job state reason; do
            printf '%s{"job_id": %s, "array_job_id": %s, "array_task_string": "", "job_state": "%s", "state_reason": "%s"}' \
                "$separator" "$job" "$job" "$state" "$reason"
            separator=', '
        done
        echo ']}'
        ;;
    *--format=%T*)
        for word; do one=$word; done
        cat "$d/jobs/$one"
        ;;
    *) tasks | grep -v -e COMPLETED -e CANCELLED ;;
    esac
    exit 0
    ;;
sacct)
    [ -e "$d/sacct" ] || { echo 'Slurm accounting storage is disabled' >&2; exit 1; }
    case $* in *--json*) exit 1 ;; esac
    for file in "$d"/jobs/*_*; do
        case $file in *.pid | *'*'*) continue ;; esac
        echo "${file##*/}|$(cat "$file")"
    done
    ;;
scancel)
    for file in "$d"/jobs/*_*; do
        case $file in *.pid) continue ;; esac
        state=$(cat "$file")
        case $*,$state in
        *,COMPLETED | *,CANCELLED) ;;
        --state=PENDING*,PENDING) echo CANCELLED > "$file" ;;
        --state=PENDING*) ;;
        *)
            echo CANCELLED > "$file"
            kill "$(cat "$file.pid")"
            ;;
        esac
    done
    ;;
scontrol)
    case $1 in
    show) [ -e "$d/most" ] && echo "MaxArraySize            = $(cat "$d/most")" || echo "MaxArraySize            = 1001" ;;
    requeue) echo REQUEUED > "$d/jobs/$2" ;;
    esac
    ;;
esac
