use super::options::Options;
use super::queue::{Entry, sacct_json, sacct_text, squeue_json, squeue_text, tasks};

fn entry(job: u64, tasks: usize, state: &str, reason: &str) -> Entry {
    Entry {
        job,
        tasks,
        state: state.to_owned(),
        reason: reason.to_owned(),
    }
}

/// As Slurm 22.05 writes it, and with the numbers and lists of later versions; without what is not read.
#[test]
fn the_queue_is_read_from_json_of_any_version_and_from_text() {
    let old = r#"{"jobs": [
        {"job_id": 9, "array_job_id": 7, "array_task_id": 1, "array_task_string": "", "job_state": "RUNNING", "state_reason": "None"},
        {"job_id": 7, "array_job_id": 7, "array_task_id": null, "array_task_string": "2-4%3", "job_state": "PENDING", "state_reason": "Priority"},
        {"job_id": 6, "array_job_id": 0, "array_task_id": null, "array_task_string": "", "job_state": "CANCELLED", "state_reason": "None"}]}"#;
    let new = r#"{"jobs": [
        {"job_id": 9, "array_job_id": {"set": true, "infinite": false, "number": 7}, "array_task_string": "", "job_state": ["RUNNING", "COMPLETING"], "state_reason": "None"},
        {"job_id": 7, "array_job_id": {"set": true, "infinite": false, "number": 7}, "array_task_string": "2-4%3", "job_state": ["PENDING"], "state_reason": "Priority"},
        {"job_id": 6, "array_job_id": {"set": true, "infinite": false, "number": 0}, "array_task_string": "", "job_state": ["CANCELLED"], "state_reason": "None"}]}"#;
    let expected = [
        entry(7, 1, "RUNNING", ""),
        entry(7, 3, "PENDING", "Priority"),
        entry(6, 1, "CANCELLED", ""),
    ];
    assert_eq!(squeue_json(old).unwrap(), expected);
    assert_eq!(squeue_json(new).unwrap(), expected);
    let text = "7|RUNNING|None\n 7|PENDING|Priority\nno line of ours\n";
    let expected = [
        entry(7, 1, "RUNNING", ""),
        entry(7, 1, "PENDING", "Priority"),
    ];
    assert_eq!(squeue_text(text), expected);
    for broken in [
        "",
        "{}",
        r#"{"jobs": [{"job_id": "x"}]}"#,
        "slurm_load_jobs error",
    ] {
        assert_eq!(squeue_json(broken), None, "{broken}");
    }
}

#[test]
fn what_has_ended_is_read_from_accounting() {
    let old = r#"{"jobs": [{"job_id": 8, "array": {"job_id": 7, "task_id": 0}, "state": {"current": "TIMEOUT", "reason": "None"}}]}"#;
    let new = r#"{"jobs": [{"job_id": 8, "array": {"job_id": 7, "task_id": {"set": true, "number": 0}}, "state": {"current": ["TIMEOUT"], "reason": "None"}}]}"#;
    for text in [old, new] {
        assert_eq!(sacct_json(text).unwrap(), [entry(7, 1, "TIMEOUT", "")]);
    }
    let text = "7_0|COMPLETED\n7_1|CANCELLED by 1000\n12|NODE_FAIL\n";
    let expected = [
        entry(7, 1, "COMPLETED", ""),
        entry(7, 1, "CANCELLED", ""),
        entry(12, 1, "NODE_FAIL", ""),
    ];
    assert_eq!(sacct_text(text), expected);
}

#[test]
fn tasks_of_an_array_are_counted() {
    for (text, count) in [
        ("", 1),
        ("3", 1),
        ("0-9", 10),
        ("1,3,5-7%2", 5),
        ("0-8:4", 3),
        ("9-1", 1),
    ] {
        assert_eq!(tasks(text), count, "{text}");
    }
}

#[test]
fn options_become_lines_of_the_script_or_are_refused() {
    let read = |name, value: &str| Options::read(&[(name, value.to_owned())]);
    assert_eq!(read("time", "1:00:00").unwrap().lines, ["--time=1:00:00"]);
    assert_eq!(read("sbatch", "--mem 4G").unwrap().lines, ["--mem 4G"]);
    assert_eq!(read("pack", "3").unwrap().pack, 3);
    for (name, value) in [
        ("pack", "0"),
        ("at-once", "many"),
        ("sbatch", "mem=4G"),
        ("partition", "a b"),
        ("sbatch", "--mem=4G\nrm -r"),
    ] {
        let refused = read(name, value).unwrap_err();
        assert!(
            refused.starts_with(&format!("--{name}: expected")),
            "{refused}"
        );
    }
}
