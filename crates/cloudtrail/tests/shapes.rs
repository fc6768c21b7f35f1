//! Every shape in which records are delivered, and every way in which a document is broken.

use cloudtrail::{EventId, Outcome, Reason, SetAside, Timestamp, limits, read};

fn record(name: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.11","eventTime":"2026-10-18T23:05:00Z","eventSource":"sts.amazonaws.com","eventName":"{name}","eventID":"66d008e1-12cf-4a45-99e7-0be67fc70d71","userIdentity":{{"type":"IAMUser"}}}}"#
    )
}

/// Names of the events of a document, in its order, and what reading it came to.
fn names(document: &str) -> (Vec<String>, Outcome) {
    let mut names = Vec::new();
    let outcome =
        read(document.as_bytes(), &mut |record| names.push(record.event_name.to_string()));
    assert_eq!(outcome.events, names.len() as u64, "events are the records handed out");
    (names, outcome)
}

fn reasons(outcome: &Outcome) -> Vec<(Reason, u64)> {
    outcome.skipped.iter().map(|skipped| (skipped.reason, skipped.records)).collect()
}

#[test]
fn every_wrapper_gives_the_same_records() {
    let (a, b) = (record("A"), record("B"));
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let documents = [
        ("log file", format!(r#"{{"Records":[{a},{b}]}}"#)),
        ("log file with spaces", format!("{{\n  \"Records\" : [\n {a} ,\n {b}\n ]\n}}\n")),
        ("array", format!("[{a},{b}]")),
        ("array without commas", format!("[{a}\n{b}]")),
        ("lines", format!("{a}\n{b}\n")),
        ("lines with carriage returns and gaps", format!("{a}\r\n\r\n{b}")),
        ("nothing in between", format!("{a}{b}")),
        ("two log files", format!(r#"{{"Records":[{a}]}}{{"Records":[{b}]}}"#)),
        ("byte order mark", format!("\u{feff}[{a},{b}]")),
        (
            "EventBridge",
            format!(
                r#"{{"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.sts","detail":{a}}}{{"detail":{b},"id":"x"}}"#
            ),
        ),
        (
            "CloudWatch Logs subscription",
            format!(
                r#"{{"messageType":"DATA_MESSAGE","owner":"111122223333","logEvents":[{{"id":"1","timestamp":1,"message":{}}},{{"id":"2","message":{}}}]}}"#,
                quoted(&a),
                quoted(&b)
            ),
        ),
        (
            "lookup-events",
            format!(
                r#"{{"Events":[{{"EventId":"1","EventName":"A","ReadOnly":"true","EventTime":1792364700.0,"CloudTrailEvent":{}}},{{"EventName":"B","CloudTrailEvent":{}}}],"NextToken":"t"}}"#,
                quoted(&a),
                quoted(&b)
            ),
        ),
        (
            "lookup-events with the token first",
            format!(
                r#"{{"NextToken":"t","Events":[{{"CloudTrailEvent":{}}},{{"CloudTrailEvent":{}}}]}}"#,
                quoted(&a),
                quoted(&b)
            ),
        ),
        (
            "OpenSearch",
            format!(
                r#"[{{"@timestamp":"2026-10-18T23:06:00Z","event":{{"name":"x"}},"aws":{{"cloudtrail":{a}}}}},{{"aws":{{"cloudtrail":{b}}}}}]"#
            ),
        ),
    ];
    for (shape, document) in documents {
        let (names, outcome) = names(&document);
        assert_eq!(names, ["A", "B"], "{shape}");
        assert_eq!(reasons(&outcome), [], "{shape}");
    }
}

#[test]
fn the_event_history_of_the_console_is_read_without_responses() {
    let csv = "Event name,Event time,User name,AWS access key,Event source,Event ID,Source IP address\n\
               A,2026-10-18T23:05:00Z,alice,AKIAIOSFODNN7EXAMPLE,sts.amazonaws.com,e1,192.0.2.1\n\
               \"B\",2026-10-18T23:05:01Z,bob,,sts.amazonaws.com,e2,192.0.2.1\n";
    let (names, outcome) = names(csv);
    assert_eq!(names, ["A", "B"]);
    assert_eq!(outcome.without_responses, 2);
    read(csv.as_bytes(), &mut |record| {
        let identity = record.user_identity.as_ref().unwrap();
        assert!(identity.0.contains("userName"), "{}", identity.0);
    });
}

#[test]
fn a_broken_record_costs_itself_and_nothing_else() {
    let (a, b) = (record("A"), record("B"));
    let broken = [
        ("no colon", r#"{"eventVersion":"1.11","eventName" "X"}"#),
        ("no value", r#"{"eventVersion":"1.11","eventName":}"#),
        ("not closed", r#"{"eventVersion":"1.11","eventName":"X""#),
        ("string not closed", r#"{"eventVersion":"1.11","eventName":"X}"#),
        ("garbage", "~~~ not JSON ~~~"),
    ];
    for (damage, record) in broken {
        for separator in ["\n", ",\n"] {
            let array = separator == ",\n";
            let document = if array {
                format!(r#"{{"Records":[{a},{record},{b}]}}"#)
            } else {
                format!("{a}\n{record}\n{b}\n")
            };
            let (names, outcome) = names(&document);
            assert_eq!(names, ["A", "B"], "{damage}, array: {array}");
            assert_eq!(outcome.records(), 3, "{damage}, array: {array}: {outcome:?}");
        }
    }
}

#[test]
fn a_document_that_is_cut_off_keeps_its_whole_records() {
    let document = format!(r#"{{"Records":[{},{},{}]}}"#, record("A"), record("B"), record("C"));
    let mut last = 0;
    let begin = r#"{"Records":["#.len();
    for end in 0..document.len() {
        let (names, outcome) = names(document.get(..end).unwrap());
        let is_open = (begin..document.len() - 1).contains(&end);
        assert_eq!(outcome.is_cut_off, is_open, "{end} of {}", document.len());
        assert!(names.len() >= last, "a longer document has no fewer records");
        assert!(outcome.records() <= 3, "{outcome:?}");
        last = names.len();
    }
    assert_eq!(last, 3);
}

#[test]
fn what_is_no_call_is_set_aside_or_skipped_with_a_reason() {
    let digest =
        r#"{"awsAccountId":"111122223333","digestStartTime":"2026-10-18T22:05:00Z","logFiles":[]}"#;
    assert_eq!(names(digest).1.set_aside, Some(SetAside::Digest));
    assert_eq!(names(" \n").1.set_aside, Some(SetAside::Empty));
    for (document, reason) in [
        (
            r#"{"eventCategory":"Insight","eventTime":"2026-10-18T23:05:00Z","insightDetails":{}}"#,
            Reason::EventInsight,
        ),
        (r#"{"eventCategory":"Aggregated","accountId":"1"}"#, Reason::EventAggregated),
        (r#"{"messageType":"CONTROL_MESSAGE","logEvents":[]}"#, Reason::ControlMessage),
        (r#"{"hello":"world"}"#, Reason::EventNameMissing),
        (r#"{"eventName":"A","eventSource":"s"}"#, Reason::EventTimeMissing),
        (r#"{"eventName":"A","eventTime":"soon"}"#, Reason::EventTimeMissing),
    ] {
        assert_eq!(reasons(&names(document).1), [(reason, 1)], "{document}");
    }
}

#[test]
fn a_record_over_the_limit_is_skipped_and_the_next_one_read() {
    let long = format!(
        r#"{{"eventName":"X","eventTime":"2026-10-18T23:05:00Z","requestParameters":"{}"}}"#,
        "x".repeat(limits::RECORD_BYTES_MAX)
    );
    let (names, outcome) = names(&format!("[{long},{}]", record("A")));
    assert_eq!(names, ["A"]);
    assert_eq!(reasons(&outcome), [(Reason::RecordTooLong, 1)]);
}

#[test]
fn a_record_of_the_longest_size_that_aws_writes_is_read() {
    let long = record("A").replacen(
        '{',
        &format!(r#"{{"requestParameters":{{"x":"{}"}},"#, "x".repeat(256 * 1024)),
        1,
    );
    assert_eq!(names(&long).0, ["A"]);
}

#[test]
fn nesting_without_end_neither_overflows_nor_stops_the_others() {
    for deep in ["[".repeat(500_000), r#"{"a":"#.repeat(200_000)] {
        let (names, _) = names(&format!(
            "{}\n{{\"eventName\":\"X\",\"eventTime\":\"2026-10-18T23:05:00Z\",\"requestParameters\":{deep}\n{}\n",
            record("A"),
            record("B")
        ));
        assert!(names.contains(&"A".to_owned()), "{names:?}");
        assert!(names.contains(&"B".to_owned()), "{names:?}");
    }
}

#[test]
fn a_collectors_timestamp_stands_for_an_absent_one_and_is_counted() {
    let document = r#"{"eventName":"A","@timestamp":"2026-10-18T23:05:00.000Z"}"#;
    let outcome = read(document.as_bytes(), &mut |record| {
        assert_eq!(Some(record.event_time), Timestamp::parse("2026-10-18T23:05:00Z"));
        assert!(matches!(record.event_id, EventId::Unnamed(_)));
    });
    assert_eq!((outcome.events, outcome.collector_timestamps), (1, 1));
}

#[test]
fn fields_of_another_type_do_not_cost_the_record() {
    let document = r#"{"eventVersion":1.05,"eventName":"A","eventTime":"2026-10-18T23:05:00Z","errorCode":200,"readOnly":"true","sourceIPAddress":null,"userAgent":{"x":[1,2]},"requestID":["r"],"userIdentity":null,"sessionCredentialFromConsole":true}"#;
    let outcome = read(document.as_bytes(), &mut |record| {
        assert_eq!((&*record.error_code, &*record.user_agent), ("200", ""));
        assert_eq!(&*record.session_credential_from_console, "true");
        assert!(record.succeeded(), "200 is success");
    });
    assert_eq!(outcome.events, 1);
}

#[test]
fn bytes_that_are_not_utf_8_are_replaced_and_counted() {
    let mut bytes = record("A").into_bytes();
    let at = bytes.windows(3).position(|window| window == b"\"A\"").unwrap() + 1;
    bytes[at] = 0xff;
    let mut seen = Vec::new();
    let outcome = read(&bytes, &mut |record| seen.push(record.event_name.to_string()));
    assert_eq!(seen, ["\u{fffd}"]);
    assert!(outcome.is_lossy);
}

#[test]
fn escapes_in_names_are_resolved() {
    let document =
        r#"{"eventName":"A\u0042","eventTime":"2026-10-18T23:05:00Z","userAgent":"a\"b\\c"}"#;
    read(document.as_bytes(), &mut |record| {
        assert_eq!((&*record.event_name, &*record.user_agent), ("AB", "a\"b\\c"));
    });
}
