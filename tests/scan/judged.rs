//! What a key should be, for every class of mistake that published tables hold.

use avma::catalog::keys::KeyChannel;
use avma::scan::{Fault, Judgement, Surroundings, Verdict, Wanted, What, scan};
use avma::{AnyRelease, Clue, Identity, Products, Release, Releases};

fn wanted(caption: &str, channel: Option<KeyChannel>) -> Wanted {
    let identity = Identity::from_clues([Clue::Caption(caption)]);
    Wanted {
        channel,
        ..Wanted::from(&identity)
    }
}

#[track_caller]
fn judge(caption: &str, channel: impl Into<Option<KeyChannel>>, key: &str) -> Judgement {
    let text = format!("key = \"{key}\"");
    let finding = scan(&text)
        .next()
        .unwrap_or_else(|| panic!("{key} is not found"));
    wanted(caption, channel.into()).judge(&finding)
}

#[track_caller]
fn check(
    (caption, channel): (&str, Option<KeyChannel>),
    key: &str,
    faults: &[Fault],
    should: Option<&str>,
) {
    let judgement = judge(caption, channel, key);
    assert_eq!(
        judgement.faults().collect::<Vec<_>>(),
        faults,
        "{caption}: {key}"
    );
    let got = judgement.should.map(|row| row.key.to_string());
    assert_eq!(got.as_deref(), should, "{caption}: {key}");
}

const AVMA: Option<KeyChannel> = Some(KeyChannel::Avma);
const GVLK: Option<KeyChannel> = Some(KeyChannel::Gvlk);

#[test]
fn gvlk_in_the_place_of_an_avma_key() {
    for (caption, gvlk, avma) in [
        (
            "Windows Server 2022 Datacenter: Azure Edition",
            "NTBV8-9K7Q8-V27C6-M2BTV-KHMXV",
            "F7TB6-YKN8Y-FCC6R-KQ484-VMK3J",
        ),
        (
            "Windows Server 2019 Standard",
            "N69G4-B89J2-4G8F4-WWYCC-J464C",
            "TNK62-RXVTB-4P47B-2D623-4GF74",
        ),
        (
            "Windows Server 2019 Datacenter",
            "WMDGN-G9PQG-XVVXX-R3X43-63DFG",
            "H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW",
        ),
        (
            "Windows Server 2022 Standard",
            "VDYBN-27WPP-V4HQT-9VMD4-VMK7H",
            "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK",
        ),
        (
            "Windows Server 2022 Datacenter",
            "WX4NM-KYWYW-QJJR4-XV3QB-6VM33",
            "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
        ),
    ] {
        check((caption, AVMA), gvlk, &[Fault::GvlkForAvma], Some(avma));
        check((caption, GVLK), gvlk, &[], None);
        check((caption, GVLK), avma, &[Fault::AvmaForGvlk], Some(gvlk));
        check((caption, AVMA), avma, &[], None);
        check((caption, None), avma, &[], None);
        assert_eq!(judge(caption, AVMA, avma).verdict(), Verdict::Right);
        assert_eq!(judge(caption, None, gvlk).verdict(), Verdict::Right);
    }
    // The key of another release as well: 1809 to 20H2.
    check(
        ("Windows Server 2022 Standard", AVMA),
        "N2KJX-J94YW-TQVFB-DG9YT-724CC",
        &[Fault::GvlkForAvma, Fault::OtherRelease],
        Some("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK"),
    );
}

#[test]
fn key_of_another_release_or_edition() {
    let r2 = "Y4TGP-NPTV9-HTC2H-7MGQ3-DV4TW";
    check(
        ("Windows Server 2016 Datacenter", AVMA),
        r2,
        &[Fault::OtherRelease],
        Some("TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J"),
    );
    let of_2016 = "C3RCX-M6NRP-6CXC9-TW2F2-4RHYD";
    for (caption, key) in [
        (
            "Windows Server 2019 Standard",
            "TNK62-RXVTB-4P47B-2D623-4GF74",
        ),
        (
            "Windows Server 2022 Standard",
            "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK",
        ),
        (
            "Windows Server 2025 Standard",
            "WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4",
        ),
    ] {
        check((caption, AVMA), of_2016, &[Fault::OtherRelease], Some(key));
    }
    // The 2019 key in the Semi-Annual Channel: right for 1809 to 1909, wrong for 1709 and 1803.
    let of_2019 = "TNK62-RXVTB-4P47B-2D623-4GF74";
    for version in ["1709", "1803"] {
        let caption = format!("Windows Server, version {version} Standard");
        check(
            (&caption, AVMA),
            of_2019,
            &[Fault::OtherRelease],
            Some(of_2016),
        );
    }
    for version in ["1809", "1903", "1909"] {
        let caption = format!("Windows Server, version {version} Standard");
        check((&caption, AVMA), of_2019, &[], None);
    }
    check(
        ("Windows Server 2022 Standard", AVMA),
        "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
        &[Fault::OtherEdition],
        Some("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK"),
    );
    check(
        ("Windows Server 2022 Datacenter", AVMA),
        "F7TB6-YKN8Y-FCC6R-KQ484-VMK3J",
        &[Fault::OtherEdition],
        Some("W3GNR-8DDXR-2TFRP-H8P33-DV9BG"),
    );
    // The release of a wrong key says nothing of the system.
    check(
        ("Windows Server Standard", AVMA),
        "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
        &[Fault::OtherEdition],
        None,
    );
}

#[test]
fn no_key_is_documented() {
    // No such edition has a key of its own.
    check(
        ("Windows Server 2022 Essentials", AVMA),
        "2CTP7-NHT64-BP62M-FV6GG-HFV28",
        &[Fault::OtherRelease, Fault::NotDocumented],
        None,
    );
    check(
        ("Windows Server 2012 Standard", AVMA),
        "XC9B7-NBPP2-83J2H-RHMBY-92BT4",
        &[Fault::GvlkForAvma, Fault::NotDocumented],
        None,
    );
    // The key of an Insider preview, in a table of 2022 Essentials.
    check(
        ("Windows Server 2022 Essentials", AVMA),
        "B69WH-PRNHK-BXVK3-P9XF7-XD84W",
        &[Fault::Unlisted],
        None,
    );
    // The neighbour's key is no answer.
    let judgement = judge(
        "Windows Server, version 20H2 Standard",
        AVMA,
        "N2KJX-J94YW-TQVFB-DG9YT-724CC",
    );
    assert_eq!(judgement.should, None);
}

#[test]
fn damaged_keys() {
    let cases = [
        (
            "Y4TGP-NPTV9-HTC2H-7MGQ3-BD4TW",
            "Windows Server 2012 R2 Datacenter",
            "Y4TGP-NPTV9-HTC2H-7MGQ3-DV4TW",
        ),
        (
            "TNK62-RXVTB-4P47B - 2D 623-4GF74",
            "Windows Server 2019 Standard",
            "TNK62-RXVTB-4P47B-2D623-4GF74",
        ),
        (
            "TNK62 RXVTB-4P47B-2 차원 623 4GF74",
            "Windows Server 2019 Standard",
            "TNK62-RXVTB-4P47B-2D623-4GF74",
        ),
    ];
    for (key, caption, meant) in cases {
        check((caption, AVMA), key, &[Fault::Damaged], Some(meant));
        check(("", None), key, &[Fault::Damaged], Some(meant));
    }
    check(
        ("", None),
        "N69G4-B89J2-4G8F4-WWYCCJ464C",
        &[Fault::Damaged],
        Some("N69G4-B89J2-4G8F4-WWYCC-J464C"),
    );
    // Damaged, and none that belongs here: the one that does is the answer.
    check(
        ("Windows Server 2019 Standard", AVMA),
        "N69G4-B89J2-4G8F4-WWYCCJ464C",
        &[Fault::Damaged, Fault::GvlkForAvma],
        Some("TNK62-RXVTB-4P47B-2D623-4GF74"),
    );
    check(
        ("", None),
        "W3GND-89DFR-2TB2T-78P33-DV9BG",
        &[Fault::PerhapsDamaged],
        Some("W3GNR-8DDXR-2TFRP-H8P33-DV9BG"),
    );
}

#[test]
fn evaluation_copies() {
    let avma = "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK";
    let caption = "Windows Server 2022 Standard Evaluation";
    check((caption, AVMA), avma, &[Fault::Evaluation], Some(avma));
    check((caption, None), avma, &[Fault::Evaluation], Some(avma));
    // It is converted with the KMS client key.
    check((caption, None), "VDYBN-27WPP-V4HQT-9VMD4-VMK7H", &[], None);
}

#[test]
fn unlisted_keys() {
    let text = "key: FMT4H-4RD6P-M48YH-6YDK2-QXPNK";
    let finding = scan(text).next().unwrap();
    let judgement = wanted("Windows Server 2022 Standard", AVMA).judge(&finding);
    assert!(judgement.has(Fault::Unlisted));
    assert_eq!(
        judgement.should.unwrap().key.to_string(),
        "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK"
    );
    let judgement = Wanted::UNKNOWN.judge(&finding);
    assert_eq!(judgement.faults().collect::<Vec<_>>(), [Fault::Unlisted]);
    assert_eq!(judgement.should, None);
    let shown = format!(
        "{finding:?} {judgement:?} {:?}",
        Surroundings::of(text, &finding)
    );
    assert!(shown.contains("QXPNK"));
    for group in ["FMT4H", "4RD6P", "M48YH", "6YDK2"] {
        assert!(!shown.contains(group), "{shown}");
    }
}

#[test]
fn what_is_not_known_is_not_judged() {
    let key = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    for caption in [
        "",
        "Windows Server 2022",
        "Windows Server Datacenter",
        "Windows Server",
    ] {
        let judgement = judge(caption, None, key);
        assert_eq!(judgement.verdict(), Verdict::NotJudged, "{caption}");
        assert_eq!(judgement.should, None);
    }
    // One of two releases, of which the key serves one.
    let finding = scan(key).next().unwrap();
    let either = Releases::one_of([Release::Ws2022, Release::Ws2019].map(AnyRelease::Release));
    let wanted = Wanted {
        releases: either.unwrap(),
        products: Products::unknown(),
        ..Wanted::UNKNOWN
    };
    assert_eq!(wanted.judge(&finding).verdict(), Verdict::NotJudged);
}

/// Every key of the published list beside its own name: right, or not judged; and never damaged.
#[test]
fn every_line_of_the_published_list() {
    let list = include_str!("../data/kms-client-keys.tsv");
    let mut count = 0;
    for form in [
        "{name}\t{key}",
        "| {name} | {key} |",
        "# {name}\n{key}",
        "{key} // {name}",
    ] {
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let (name, key) = line.split_once('\t').unwrap();
            let text = form.replace("{name}", name).replace("{key}", key);
            let findings: Vec<_> = scan(&text).collect();
            assert_eq!(findings.len(), 1, "{text}");
            for finding in findings {
                assert!(matches!(finding.what, What::Published(_)), "{text}");
                let judgement = Surroundings::of(&text, &finding).wanted.judge(&finding);
                let faults: Vec<_> = judgement.faults().collect();
                assert_eq!(faults, [], "{text}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 4 * 78);
}

/// The key of client Windows where a server's belongs, and the other way round.
#[test]
fn keys_of_clients() {
    let windows_10 = "W269N-WFGWX-YVC9B-4J6C9-T83GX";
    check(
        ("Windows Server 2022 Standard", GVLK),
        windows_10,
        &[Fault::OtherEdition],
        Some("VDYBN-27WPP-V4HQT-9VMD4-VMK7H"),
    );
    check(
        ("Windows Server 2022 Standard", AVMA),
        windows_10,
        &[Fault::GvlkForAvma, Fault::OtherEdition],
        Some("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK"),
    );
    // Which client key belongs to a client the crate cannot tell.
    check(
        ("Windows 10 Pro", GVLK),
        "VDYBN-27WPP-V4HQT-9VMD4-VMK7H",
        &[Fault::OtherEdition],
        None,
    );
    check(("Windows 10 Enterprise", GVLK), windows_10, &[], None);
    assert_eq!(
        judge("Windows 10 Pro", GVLK, windows_10).verdict(),
        Verdict::NotJudged
    );
}
