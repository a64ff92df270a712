use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::*;

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar as anybody may write it: the library's own writer refuses names such as `../x`.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const FILES: [(&str, &[u8]); 5] = [
    ("shop/web.yaml", b"a"),
    ("../../etc/db.yml", b"b"),
    ("/root.json", b"c"),
    ("README.md", b"d"),
    ("._web.yaml", b"e"),
];

const ARRIVED: &str = "shop/web.yaml: a\netc/db.yml: b\nroot.json: c\n\
    skipped README.md: not .yaml, .yml or .json\nskipped ._web.yaml: macOS's notes on a file";

#[tokio::test]
async fn what_is_encrypted_is_said_to_be() {
    let encrypted = |names: &[&str]| {
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"a: b"[..])).collect();
        let mut bytes = zip(&files);
        for (head, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let heads: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(head)).collect();
            for at in heads {
                bytes[at + flags] |= 1;
            }
        }
        ask(sending("application/zip", bytes))
    };
    let why = "encrypted, or compressed in a way that is not read";
    let (status, one) = encrypted(&["a.yaml"]).await.problem();
    assert_eq!((status, one), (422, format!("the one file of the upload is not read: a.yaml is {why}")));
    let (status, two) = encrypted(&["notes.txt", "a.yaml"]).await.problem();
    let said = format!("none of the 2 files of the upload is read: a.yaml, for one, is {why}");
    assert_eq!((status, two), (422, said));
}

#[tokio::test]
async fn an_entry_that_is_packed_in_another_way_keeps_nobody_from_the_rest() {
    // As Python's zipfile writes them: bzip2 and LZMA; and a number that nobody has.
    for method in [12_u8, 14, 200] {
        let mut bytes = zip(&[("a.yaml", b"a: b"), ("b.yaml", b"c: d")]);
        for (head, place) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
            let first = bytes.windows(4).position(|window| window == head).unwrap();
            bytes[first + place] = method;
        }
        let answer = ask(sending("application/zip", bytes)).await;
        let why = "encrypted, or compressed in a way that is not read";
        assert_eq!(answer.text(), format!("b.yaml: c: d\nskipped a.yaml: {why}"), "{method}");
    }
}

#[tokio::test]
async fn archives_are_opened_under_any_type() {
    for (kind, body) in [
        ("application/x-tar", tar(&FILES)),
        ("application/gzip", gzip(&tar(&FILES))),
        ("application/zip", zip(&FILES)),
        ("application/x-www-form-urlencoded", gzip(&tar(&FILES))),
        ("application/octet-stream", zip(&FILES)),
    ] {
        assert_eq!(ask(sending(kind, body)).await.text(), ARRIVED, "{kind}");
    }
}

#[tokio::test]
async fn one_compressed_file_is_that_file() {
    assert_eq!(ask(sending("application/gzip", gzip(b"kind: Pod"))).await.text(), "-: kind: Pod");
    let twice = [gzip(b"a: 1\n"), gzip(b"b: 2\n")].concat();
    assert_eq!(ask(sending("application/gzip", twice)).await.text(), "-: a: 1\\nb: 2");
}

#[tokio::test]
async fn archives_among_the_files_of_a_form_are_opened() {
    let request = form_of_bytes(&[
        ("all.tar.gz", &gzip(&tar(&[("web.yaml", b"a")]))),
        ("web.yaml", b"b"),
        ("db.yaml.gz", &gzip(b"c")),
        ("more.zip", &zip(&[("web.yaml", b"d")])),
    ]);
    assert_eq!(ask(request).await.text(), "web.yaml: a\nweb (2).yaml: b\ndb.yaml: c\nweb (3).yaml: d");
}

#[tokio::test]
async fn links_in_archives_are_not_followed() {
    let mut builder = tar::Builder::new(tar(&[]).split_off(1024));
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "passwd.yaml", "/etc/passwd").unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(1);
    builder.append_data(&mut header, "a.yaml", &b"a"[..]).unwrap();
    let answer = ask(sending("application/x-tar", builder.into_inner().unwrap())).await;
    assert_eq!(answer.text(), "a.yaml: a\nskipped passwd.yaml: a link or a device");
}

#[tokio::test]
async fn an_archive_of_nothing_is_refused_in_words() {
    for (body, words) in [
        (tar(&[("a.png", b"x"), ("b/c.txt", b"y")]), "none of the 2 files"),
        (zip(&[("a.png", b"x")]), "the one file of the upload is no manifest"),
        (zip(&[]), "the upload is empty"),
        (gzip(&tar(&[])), "the upload is empty"),
        (gzip(b""), "the upload is empty"),
    ] {
        let (status, detail) = ask(sending("application/octet-stream", body)).await.problem();
        assert!(status == 422 && detail.contains(words), "{detail}");
    }
}

#[tokio::test]
async fn what_does_not_open_is_refused_in_words() {
    let whole = gzip(&tar(&FILES));
    let whole_zip = zip(&FILES);
    for (kind, body, words) in [
        ("application/gzip", b"kind: Service".to_vec(), "the body's type says gzip, but the body is not"),
        ("application/zip", b"kind: Service".to_vec(), "the body's type says zip, but the body is not"),
        ("application/gzip", whole[..whole.len() / 2].to_vec(), "the archive does not open"),
        ("application/zip", whole_zip[..whole_zip.len() / 2].to_vec(), "the archive does not open"),
        ("application/gzip", gzip(&whole), "packed twice"),
        ("application/octet-stream", b"\xfd7zXZ\x00...".to_vec(), "packed with xz, which is not read"),
    ] {
        let (status, detail) = ask(sending(kind, body)).await.problem();
        assert!(status == 422 && detail.contains(words), "{kind}: {detail}");
    }
}

#[tokio::test]
async fn bombs_do_not_go_off() {
    let zeros = vec![b'0'; 16 << 20];
    for (kind, body) in [
        ("application/gzip", gzip(&zeros)),
        ("application/gzip", gzip(&tar(&[("a.png", &zeros), ("a.yaml", b"a")]))),
        ("application/gzip", gzip(&tar(&[("a.yaml", &zeros)]))),
        ("application/zip", zip(&[("a.yaml", &zeros)])),
    ] {
        let (status, detail) = ask(sending(kind, body)).await.problem();
        assert!(status == 422 && detail.contains("200 times its size"), "{detail}");
    }
}

#[tokio::test]
async fn the_unpacked_size_and_the_count_are_bounded_over_all_archives() {
    let config = || Config { max_unpacked: "100KiB".parse().unwrap(), max_files: 3, ..Config::default() };
    let half = vec![b'0'; 60 << 10];
    let one = zip(&[("a.yaml", &half)]);
    assert_eq!(ask_with(config(), sending("application/zip", one.clone())).await.status, 200);
    let both = form_of_bytes(&[("a.zip", &one), ("b.zip", &one)]);
    let (status, detail) = ask_with(config(), both).await.problem();
    assert_eq!(
        (status, detail.as_str()),
        (413, "the archive unpacks to more than 100KiB: send fewer files at once")
    );

    let four = [("a.yaml", &b"a"[..]), ("b.yaml", b"b"), ("c.yaml", b"c"), ("d.yaml", b"d")];
    for body in [tar(&four), zip(&four)] {
        let (status, detail) = ask_with(config(), sending("application/x-tar", body)).await.problem();
        assert_eq!((status, detail.as_str()), (413, "the upload has more than 3 files: send fewer at once"));
    }
    let names: Vec<_> = (0..31).map(|n| format!("{n}.png")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert_eq!(ask_with(config(), sending("application/zip", zip(&many))).await.problem().0, 413);
}
