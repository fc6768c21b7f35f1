//! Listing and reading a bucket.

use aws::{
    Bucket, Cursor, Error, Kind, Layout, Listed, Partition, PartitionHolds, Trail, Wanted, layout,
    partitions_of,
};

use crate::Endpoint;

/// The key of a log that was delivered at `time`, such as `20261018T2305`.
fn log(account: &str, region: &str, time: &str) -> String {
    let part = |from: usize, to: usize| time.get(from..to).unwrap_or_default();
    let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
    format!(
        "AWSLogs/{account}/CloudTrail/{region}/{year}/{month}/{day}/\
         {account}_CloudTrail_{region}_{time}Z_0123456789abcdef.json.gz"
    )
}

async fn bucket(endpoint: &Endpoint, name: &str) -> Bucket {
    endpoint.bucket(name, "us-east-1");
    Bucket::open(&Endpoint::connection("us-east-1").await, name).await.unwrap()
}

/// Every key of `partition` that a listing gives which begins after `start`.
async fn listed(bucket: &Bucket, partition: &Partition, start: Option<String>) -> Vec<String> {
    let (mut keys, mut after) = (Vec::new(), start);
    loop {
        let page = bucket.page(&partition.prefix, after.as_deref()).await.unwrap();
        keys.extend(page.objects.into_iter().map(|object| object.key));
        after = keys.last().cloned();
        if !page.has_more {
            return keys;
        }
    }
}

async fn trail(bucket: &Bucket, prefix: &str, wanted: Wanted) -> Trail {
    match layout(bucket, prefix, wanted).await.unwrap() {
        Layout::Trail(trail) => trail,
        other @ (Layout::Object(_) | Layout::Other(_)) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn more_keys_than_a_page_holds_are_all_listed_once_and_in_order() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "pages").await;
    let keys: Vec<String> = (0..1_203).map(|number| format!("a/{number:04}.json.gz")).collect();
    for key in &keys {
        endpoint.put("pages", key, b"{}");
    }
    endpoint.put("pages", "b/other.json.gz", b"{}");
    let first = bucket.page("a/", None).await.unwrap();
    assert_eq!((first.objects.len(), first.has_more), (1_000, true));
    let last = first.objects.last().unwrap().key.clone();
    let second = bucket.page("a/", Some(&last)).await.unwrap();
    assert_eq!((second.objects.len(), second.has_more), (203, false));
    let all: Vec<_> = [first.objects, second.objects].concat();
    assert!(all.iter().all(|object| object.bytes == 2 && object.last_modified.is_some()));
    assert!(all.iter().all(|object| !object.etag.is_empty()));
    assert_eq!(all.into_iter().map(|object| object.key).collect::<Vec<_>>(), keys);
}

#[tokio::test]
async fn accounts_and_regions_appear_by_themselves() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "layout").await;
    let (one, two) = ("111122223333", "444455556666");
    let put = |key: &str| endpoint.put("layout", key, b"{}");
    put(&log(one, "eu-central-1", "20261018T2305"));
    put(&format!("team/{}", log(two, "us-east-1", "20261018T2305")));
    put(&format!("AWSLogs/o-abcdefghij/{two}/CloudTrail-Digest/us-east-1/2026/10/18/a.json.gz"));
    put(&format!("AWSLogs/{one}/CloudTrail-NetworkActivity/us-east-1/2026/10/18/a.json.gz"));
    put(&format!("AWSLogs/{one}/Config/us-east-1/a.json.gz"));
    put(&format!("AWSLogs/{one}/loose.json"));
    put("elsewhere/a.json.gz");
    let all = trail(&bucket, "", Wanted::EventsAndDigests).await;
    let names: Vec<_> =
        all.partitions.iter().map(|it| (&*it.account, &*it.region, it.holds)).collect();
    let expected = [
        (one, "us-east-1", PartitionHolds::NetworkActivity),
        (one, "eu-central-1", PartitionHolds::Events),
        (two, "us-east-1", PartitionHolds::Digests),
        (two, "us-east-1", PartitionHolds::Events),
    ];
    assert_eq!(names, expected);
    let aside: Vec<&str> = all.set_aside.iter().map(|(folder, _)| folder.as_str()).collect();
    assert_eq!(aside, [&format!("AWSLogs/{one}/Config/"), "elsewhere/"]);
    assert_eq!(all.loose[0].key, format!("AWSLogs/{one}/loose.json"));
    let events = trail(&bucket, "AWSLogs", Wanted::Events).await;
    assert_eq!(events.partitions.len(), 2);
    assert_eq!(events.set_aside.len(), 2, "{:?}", events.set_aside);
    put(&log(two, "ap-south-1", "20261018T2310"));
    let events = trail(&bucket, "AWSLogs/", Wanted::Events).await;
    assert!(events.partitions.iter().any(|it| it.region == "ap-south-1" && it.account == two));
}

#[tokio::test]
async fn the_regions_of_some_accounts_are_found_at_any_place_of_a_trail() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "accounts").await;
    let accounts = ["111122223333", "444455556666", "777788889999"];
    for account in accounts {
        endpoint.put(
            "accounts",
            &format!("team/{}", log(account, "us-east-1", "20261018T2305")),
            b"{}",
        );
    }
    let wanted = ["444455556666".to_owned(), "777788889999".to_owned()];
    let found = async |prefix: &str, wanted: &[String]| {
        let found = partitions_of(&bucket, prefix, wanted).await.unwrap();
        found.into_iter().map(|partition| partition.account).collect::<Vec<_>>()
    };
    for prefix in ["", "team", "team/", "team/AWSLogs", "team/AWSLogs/"] {
        assert_eq!(found(prefix, &wanted).await, wanted, "{prefix}");
        assert_eq!(found(prefix, &[]).await, accounts, "{prefix}");
    }
    assert_eq!(found("team/AWSLogs/444455556666/CloudTrail", &wanted).await, ["444455556666"]);
    assert_eq!(found("team/AWSLogs/111122223333/", &wanted).await, Vec::<String>::new());
    assert_eq!(found("elsewhere/", &wanted).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_prefix_may_be_an_object_a_part_of_a_trail_or_anything() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "prefixes").await;
    let key = log("111122223333", "eu-central-1", "20261018T2305");
    endpoint.put("prefixes", &key, b"{}");
    endpoint.put("prefixes", "exports/a.json", b"{}");
    let of = async |prefix: &str| layout(&bucket, prefix, Wanted::Events).await.unwrap();
    assert!(matches!(of(&key).await, Layout::Object(Listed { bytes: 2, .. })));
    assert_eq!(of("exports").await, Layout::Other("exports/".to_owned()));
    assert_eq!(of("nothing/here/").await, Layout::Other("nothing/here/".to_owned()));
    let day = key.rsplit_once('/').unwrap().0;
    let part = trail(&bucket, day, Wanted::Events).await;
    assert_eq!(part.partitions[0].prefix, format!("{day}/"));
    assert_eq!(part.partitions[0].base, "AWSLogs/111122223333/CloudTrail/eu-central-1/");
}

#[tokio::test]
async fn a_listing_goes_on_where_it_stood_and_finds_what_came_late() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "resume").await;
    let key = |time: &str| log("111122223333", "eu-central-1", time);
    let times = ["20261015T1200", "20261016T2355", "20261017T2355", "20261018T0005"];
    for time in times {
        endpoint.put("resume", &key(time), b"{}");
    }
    let partition = trail(&bucket, "", Wanted::Events).await.partitions.remove(0);
    let mut cursor = Cursor::default();
    let all = listed(&bucket, &partition, cursor.start(&partition, None, 0)).await;
    assert_eq!(all, times.map(key));
    for key in &all {
        cursor.advance(&partition, key);
    }
    let cursor: Cursor = serde_json::from_str(&serde_json::to_string(&cursor).unwrap()).unwrap();

    // What comes after the last key, what comes late under an earlier one, and what comes so
    // late that only the look back of two days meets it.
    for time in ["20261018T0010", "20261017T2358", "20261016T1200"] {
        endpoint.put("resume", &key(time), b"{}");
    }
    let again = async |lookback_secs| {
        listed(&bucket, &partition, cursor.start(&partition, None, lookback_secs)).await
    };
    let soon = again(600).await;
    assert_eq!(soon, ["20261017T2355", "20261017T2358", "20261018T0005", "20261018T0010"].map(key));
    let late = again(2 * 86_400).await;
    assert_eq!(late.len(), 6);
    assert!(late.contains(&key("20261016T1200")) && !late.contains(&key("20261015T1200")));
}

#[tokio::test]
async fn an_object_is_read_whole_or_not_at_all() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "objects").await;
    let path = "objects/a%20b.json.gz";
    let headers = [("x-amz-meta-signature", "00ff"), ("x-amz-meta-signature-algorithm", "RSA")];
    endpoint.s3(path, "us-east-1", b"0123456789", &headers);
    let fetched = bucket.get("a b.json.gz", 10).await.unwrap();
    assert_eq!(fetched.bytes, b"0123456789");
    assert_eq!(fetched.metadata["signature"], "00ff");
    assert!(!fetched.etag.is_empty() && fetched.last_modified.is_some());
    let error = bucket.get("a b.json.gz", 9).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { bytes_max: 9, .. }), "{error:?}");
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "faults").await;
    for key in ["slow-down-a.json", "breaks-off-a.json"] {
        endpoint.put("faults", key, b"{}");
        assert_eq!(bucket.get(key, 10).await.unwrap().bytes, b"{}", "{key}");
    }
}

#[tokio::test]
async fn errors_name_the_object_and_what_to_do() {
    let Some(endpoint) = Endpoint::find() else { return };
    let bucket = bucket(&endpoint, "errors").await;
    endpoint.put("errors", "denied-a.json", b"{}");
    let error = bucket.get("denied-a.json", 10).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Denied);
    assert_eq!(error.to_string(), "cannot read `s3://errors/denied-a.json`");
    let reason = error.reason();
    assert!(reason.contains("`s3:GetObject` on `arn:aws:s3:::errors/*`"), "{reason}");
    let error = bucket.get("missing.json", 10).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    let connection = Endpoint::connection("us-east-1").await;
    let error = Bucket::open(&connection, "no-such-bucket").await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    assert_eq!(error.to_string(), "cannot find `s3://no-such-bucket`");
}

#[tokio::test]
async fn a_bucket_is_found_in_whichever_region_it_is() {
    let Some(endpoint) = Endpoint::find() else { return };
    endpoint.bucket("abroad", "eu-west-1");
    endpoint.put("abroad", "a.json", b"{}");
    let connection = Endpoint::connection("ap-south-1").await;
    let bucket = Bucket::open(&connection, "abroad").await.unwrap();
    assert_eq!(bucket.page("", None).await.unwrap().objects.len(), 1);
    assert_eq!(bucket.region(), "eu-west-1");
}
