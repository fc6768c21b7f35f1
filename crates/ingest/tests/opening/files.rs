//! One file: its packing, its damages, its limits.

use ingest::Limits;

use crate::{document, folder, gzip, reasons, record, scan, scan_bytes, scan_with, set_aside, zip};

#[test]
fn every_packing_of_a_document_gives_the_same_records() {
    let plain = document(&["A", "B"]);
    let with_mark = [b"\xef\xbb\xbf".as_slice(), &plain].concat();
    let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
    let frames =
        [zstd::encode_all(&plain[..50], 3).unwrap(), zstd::encode_all(&plain[50..], 3).unwrap()]
            .concat();
    let zipped = zip(&[("inner.json", plain.as_slice())]);
    let zipped_gzip = zip(&[("inner.json.gz", gzip(&plain).as_slice())]);
    let members = [gzip(&plain[..50]), gzip(&plain[50..])].concat();
    let padded = [gzip(&plain), vec![0; 512]].concat();
    let twice = gzip(&gzip(&plain));
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}{}", String::from_utf8_lossy(&plain));
        text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
    for bytes in [
        &plain,
        &little,
        &big,
        &with_mark,
        &gzip(&plain),
        &members,
        &padded,
        &twice,
        &zstd,
        &frames,
        &zipped,
        &zipped_gzip,
    ] {
        let scan = scan_bytes(bytes);
        assert_eq!(scan.fold.0, ["A", "B"]);
        assert_eq!(scan.coverage.files, 1);
        assert_eq!(scan.coverage.bytes_on_disk, bytes.len() as u64);
        assert!(!scan.coverage.is_partial(), "{:?}", scan.coverage);
    }
}

#[test]
fn members_that_are_equal_are_all_read() {
    let member = gzip(&document(&["A"]));
    let scan = scan_bytes(&member.repeat(5));
    assert_eq!(scan.fold.0, ["A"; 5]);
    assert_eq!(scan.coverage.files, 1);
}

#[test]
fn a_truncated_gzip_keeps_the_records_before_the_cut() {
    let first = gzip(&document(&["A"]));
    let names: Vec<String> = (0..500).map(|index| format!("N{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let second = gzip(&document(&names));
    let scan = scan_bytes(&[first, second[..second.len() / 2].to_vec()].concat());
    assert!(scan.fold.0.len() > 100);
    assert!(scan.fold.0.contains(&"A".to_owned()));
    assert!(reasons(&scan.coverage).contains(&"gzip stream ends early"));
    assert!(scan.coverage.is_partial());
}

#[test]
fn a_gzip_with_a_wrong_checksum_is_read_and_reported() {
    let mut bytes = gzip(&document(&["A"]));
    let crc = bytes.len() - 8;
    bytes[crc] ^= 1;
    let scan = scan_bytes(&[bytes, gzip(&document(&["B"]))].concat());
    assert_eq!(scan.fold.0, ["A", "B"]);
    assert_eq!(reasons(&scan.coverage), ["gzip checksum does not match"]);
    assert!(scan.coverage.is_partial());
}

#[test]
fn bytes_after_a_stream_are_reported() {
    for (bytes, reason) in [
        (
            [gzip(&document(&["A"])), b"garbage".to_vec()].concat(),
            "unknown bytes after the gzip stream",
        ),
        (
            [zstd::encode_all(document(&["A"]).as_slice(), 3).unwrap(), b"garbage".to_vec()]
                .concat(),
            "unknown bytes after the zstd stream",
        ),
    ] {
        let scan = scan_bytes(&bytes);
        assert_eq!(scan.fold.0, ["A"]);
        assert_eq!(reasons(&scan.coverage), [reason]);
    }
}

#[test]
fn damaged_files_are_one_entry_each() {
    let stream = zstd::encode_all(document(&["A"]).as_slice(), 3).unwrap();
    let archive = zip(&[("a.json", document(&["A"]).as_slice())]);
    for (bytes, reason) in [
        (b"\x1f\x8b".to_vec(), "gzip stream ends early"),
        (
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff".to_vec(),
            "gzip stream is corrupt",
        ),
        (stream[..stream.len() - 5].to_vec(), "zstd stream ends early"),
        (archive[..archive.len() - 30].to_vec(), "zip stream is corrupt"),
        (zip(&[("b.zip", archive.as_slice())]), "archive inside an archive"),
        (gzip(&gzip(&gzip(b"{}"))), "compressed more than 2 times over"),
    ] {
        let scan = scan_bytes(&bytes);
        assert_eq!(reasons(&scan.coverage), [reason]);
        assert_eq!(scan.coverage.records, 0);
        assert!(scan.coverage.is_partial());
    }
}

#[test]
fn empty_files_are_set_aside() {
    let folder = folder(&[("a.json", b""), ("b.json.gz", &gzip(b"")), ("c.json", b" \n")]);
    let scan = scan(folder.path());
    assert_eq!(set_aside(&scan.coverage), ["empty"; 3]);
    assert_eq!(scan.coverage.files, 0);
    assert!(!scan.coverage.is_partial());
}

#[test]
fn members_of_an_archive_are_documents_with_a_name() {
    let broken = zip(&[
        ("a.json", document(&["A"]).as_slice()),
        ("x/b.json.gz", b"\x1f\x8b\x08"),
        ("x/CloudTrail-Digest/d.json", b"{}"),
        ("__MACOSX/._a.json", b"x"),
    ]);
    let folder = folder(&[("logs.zip", &broken)]);
    let scan = scan(folder.path());
    assert_eq!(scan.fold.0, ["A"]);
    assert!(scan.coverage.skipped[0].source.ends_with("logs.zip!x/b.json.gz"));
    assert_eq!(set_aside(&scan.coverage), ["hidden", "CloudTrail digest files"]);
}

#[test]
fn a_bomb_is_stopped_by_its_ratio_and_the_rest_goes_on() {
    let limits = Limits { ratio_free_bytes: 64 * 1024, ..Limits::default() };
    let zeros = vec![0; 16 * 1024 * 1024];
    let folder = folder(&[
        ("bomb.json.gz", &gzip(&zeros)),
        ("bomb.json.zst", &zstd::encode_all(zeros.as_slice(), 3).unwrap()),
        ("bomb.zip", &zip(&[("a.json", &zeros), ("b.json", &document(&["B"]))])),
        ("log.json.gz", &gzip(&document(&["A"]))),
    ]);
    let scan = scan_with(folder.path(), 2, limits);
    assert_eq!(scan.fold.0, ["A"]);
    let reason = "decompresses to more than 250 times its size";
    assert_eq!(reasons(&scan.coverage), [reason; 4]);
    assert!(scan.coverage.is_partial());
}

#[test]
fn a_document_over_the_limit_is_read_up_to_it() {
    let lines = [record("A"), record("B"), record("C")].join("\n");
    let limits = Limits { document_bytes_max: lines.len() - 20, ..Limits::default() };
    for bytes in [lines.clone().into_bytes(), gzip(lines.as_bytes())] {
        let folder = folder(&[("a.json", &bytes)]);
        let scan = scan_with(folder.path(), 1, limits);
        assert_eq!(scan.fold.0, ["A", "B"]);
        let reason = format!("longer than {} bytes", lines.len() - 20);
        assert!(reasons(&scan.coverage).contains(&reason.as_str()));
    }
}

#[test]
fn an_archive_of_too_many_members_is_read_up_to_the_limit() {
    let limits = Limits { members_max: 2, ..Limits::default() };
    let (a, b, c) = (document(&["A"]), document(&["B"]), document(&["C"]));
    let folder = folder(&[("a.zip", &zip(&[("a.json", &a), ("b.json", &b), ("c.json", &c)]))]);
    let scan = scan_with(folder.path(), 1, limits);
    assert_eq!(scan.fold.0, ["A", "B"]);
    assert_eq!(reasons(&scan.coverage), ["archive has more than 2 members"]);
}

#[test]
fn members_of_one_name_are_reported() {
    let archive = zip(&[("a.json", &document(&["A"])), ("b.json", &document(&["B"]))]);
    let archive: Vec<u8> = archive.iter().map(|b| if *b == b'b' { b'a' } else { *b }).collect();
    let scan = scan_bytes(&archive);
    assert!(reasons(&scan.coverage).contains(&"members share a name; only one is read"));
}

#[test]
fn nesting_without_end_is_a_skipped_record() {
    let deep = ["[", r#"{"a":"#, r#"{"detail":"#].map(|opening| opening.repeat(100_000));
    for deep in deep {
        let line = format!(r#"{{"eventName":"X","requestParameters":{deep}"#);
        let text = [record("A"), line, record("B")].join("\n");
        let scan = scan_bytes(text.as_bytes());
        assert_eq!(scan.fold.0, ["A", "B"]);
        assert_eq!(reasons(&scan.coverage), ["record is nested deeper than 512 levels"]);
    }
}
