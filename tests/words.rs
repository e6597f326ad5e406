//! The words: slugs pinned, names, reading and writing; and the small values of floor 1.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use avma::ids::VmIdError;
use avma::product_key::{LastFiveError, ProductKeyError};
use avma::time::{Timestamp, TimestampError};
use avma::{
    AnyRelease, Edition, Evidence, Fact, HResult, HostName, Installation, LastFive, Possibility,
    Product, ProductKey, Products, Release, Releases, ServicingChannel, VmId, YesNo,
};

fn slugs<T: Possibility + Display + Debug + FromStr>(as_str: fn(T) -> &'static str) -> String
where
    T::Err: Debug,
{
    let mut slugs = Vec::new();
    for (place, word) in T::ALL.iter().enumerate() {
        assert_eq!(word.index() as usize, place, "{word:?}");
        let slug = as_str(*word);
        for text in [
            slug.to_owned(),
            slug.to_uppercase(),
            word.to_string(),
            word.to_string().to_lowercase(),
        ] {
            assert_eq!(text.parse::<T>().ok(), Some(*word), "{text:?}");
        }
        slugs.push(slug);
    }
    slugs.join(" ")
}

#[test]
fn slugs_are_pinned() {
    assert_eq!(
        slugs(Release::as_str),
        "2008-r2 2012 2012-r2 2016 1709 1803 2019 1809 1903 1909 2004 20h2 2022 23h2 2025"
    );
    assert_eq!(slugs(ServicingChannel::as_str), "ltsc sac ac");
    assert_eq!(
        slugs(Edition::as_str),
        "datacenter datacenter-azure-edition standard essentials"
    );
    assert_eq!(
        slugs(Product::as_str),
        "datacenter datacenter-azure-edition standard essentials foundation hyper-v-server azure-local \
         azure-server nano arm64 multipoint-standard multipoint-premium storage enterprise itanium web \
         hpc other-server client not-windows unlisted"
    );
    assert_eq!(slugs(Installation::as_str), "full core");
    assert_eq!(
        slugs(Evidence::as_str),
        "published republished reported inferred"
    );
    assert_eq!(
        slugs(avma::LicenseStatus::as_str),
        "unlicensed licensed oob-grace oot-grace non-genuine-grace notification extended-grace"
    );
    assert_eq!(
        slugs(avma::LicenseChannel::as_str),
        "avma kms-client mak kms-host retail oem evaluation unlisted"
    );
    assert_eq!(
        slugs(avma::HostLicense::as_str),
        "licensed not-activated grace unlisted"
    );
    assert_eq!(
        slugs(avma::Notification::as_str),
        "avma-success invalid-host invalid-data activation-denied"
    );
    #[cfg(feature = "observe")]
    assert_eq!(slugs(avma::observe::event::Side::as_str), "guest host");
    assert_eq!(slugs(avma::catalog::keys::KeyChannel::as_str), "avma gvlk");
    assert_eq!(
        slugs(avma::scan::Fault::as_str),
        "damaged-key perhaps-damaged-key gvlk-for-avma avma-for-gvlk other-release other-edition \
         evaluation not-documented unlisted-key"
    );
    assert_eq!(
        slugs(avma::scan::Verdict::as_str),
        "right wrong not-judged unlisted"
    );
    assert_eq!(
        slugs(avma::catalog::hosts::Support::as_str),
        "yes no not-documented"
    );
    assert_eq!(
        slugs(avma::catalog::hosts::Because::as_str),
        "release edition software-assurance too-old host"
    );
    assert_eq!(
        slugs(avma::catalog::hosts::AzureLocalLicense::as_str),
        "none key-2016 key-2019 key-2022 key-2025 subscription oem"
    );
    assert_eq!(
        slugs(avma::assess::HostFamily::as_str),
        "windows-server azure-local azure-stack-hub azure other-hypervisor"
    );
    assert_eq!(
        slugs(avma::assess::HostEdition::as_str),
        "datacenter azure-edition not-datacenter nano unlisted"
    );
    assert_eq!(
        slugs(avma::assess::FactName::as_str),
        "guest-release guest-product guest-evaluation data-exchange guest-service host-family \
         host-release host-edition host-evaluation host-license hyper-v-role nested pay-as-you-go \
         azure-local-license software-assurance synced azure-verification bios-marker"
    );
    assert_eq!(
        slugs(avma::assess::Effect::as_str),
        "may-matter undocumented forbids"
    );
    assert_eq!(
        slugs(avma::assess::MendedBy::as_str),
        "nobody license-buyer host-administrator guest-administrator"
    );
    assert_eq!(
        slugs(avma::assess::Verdict::as_str),
        "eligible not-documented not-eligible"
    );
    assert_eq!(
        slugs(avma::assess::Can::as_str),
        "eligible not-eligible not-documented undetermined"
    );
    assert_eq!(
        slugs(avma::assess::Key::as_str),
        "right none gvlk other-avma other-generic unlisted unknown"
    );
    assert_eq!(slugs(avma::assess::Trust::as_str), "host guest claimed");
}

#[test]
fn aliases_and_unknown_words() {
    assert_eq!("2012R2".parse(), Ok(Release::Ws2012R2));
    assert_eq!(
        "Datacenter Azure Edition".parse(),
        Ok(Edition::DatacenterAzureEdition)
    );
    let error = "2021".parse::<Release>().unwrap_err();
    assert_eq!((error.what, error.expected.len()), ("release", 15));
    assert_eq!(
        "gold".parse::<Edition>().unwrap_err().to_string(),
        "unknown edition, expected one of datacenter, datacenter-azure-edition, standard, essentials"
    );
}

#[test]
fn builds_and_channels() {
    use ServicingChannel::{Annual, LongTerm, SemiAnnual};
    let table = [
        ("2008-r2", 7601, LongTerm),
        ("2012", 9200, LongTerm),
        ("2012-r2", 9600, LongTerm),
        ("2016", 14393, LongTerm),
        ("1709", 16299, SemiAnnual),
        ("1803", 17134, SemiAnnual),
        ("2019", 17763, LongTerm),
        ("1809", 17763, SemiAnnual),
        ("1903", 18362, SemiAnnual),
        ("1909", 18363, SemiAnnual),
        ("2004", 19041, SemiAnnual),
        ("20h2", 19042, SemiAnnual),
        ("2022", 20348, LongTerm),
        ("23h2", 25398, Annual),
        ("2025", 26100, LongTerm),
    ];
    let crate_s: Vec<_> = Release::ALL
        .iter()
        .map(|release| {
            (
                release.as_str(),
                release.build(),
                release.servicing_channel(),
            )
        })
        .collect();
    assert_eq!(crate_s, table);
}

#[test]
fn the_domain_of_releases() {
    assert_eq!(AnyRelease::ALL.len(), 18);
    for (place, of) in AnyRelease::ALL.iter().enumerate() {
        assert_eq!(of.index() as usize, place);
        assert_eq!(of.release(), Release::ALL.get(place).copied());
    }
    for of in AnyRelease::ALL {
        assert_eq!(of.as_str().to_uppercase().parse(), Ok(*of));
    }
    let slugs: Vec<&str> = AnyRelease::ALL[13..].iter().map(|of| of.as_str()).collect();
    assert_eq!(slugs, ["23h2", "2025", "older", "preview", "unlisted"]);
    assert_eq!(
        "windows server 2016".parse(),
        Ok(AnyRelease::Release(Release::Ws2016))
    );
    assert!("2021".parse::<AnyRelease>().is_err());
    let names: Vec<String> = AnyRelease::ALL[14..]
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        names,
        [
            "Windows Server 2025",
            "older than Windows Server 2012",
            "a preview",
            "an unlisted release"
        ]
    );
}

#[test]
fn facts_are_non_empty_sets() {
    let unknown = Products::unknown();
    assert!(unknown.is_unknown() && unknown.len() == 21 && unknown.known_element().is_none());
    assert_eq!(Products::default(), unknown);
    let a = Products::known(Product::Standard);
    let b = Products::one_of([Product::Standard, Product::Datacenter]).unwrap();
    assert_eq!(Products::one_of([]), None);
    assert!(
        a.is_subset(b) && !b.is_subset(a) && a.is(Product::Standard) && !b.is(Product::Standard)
    );
    assert!(!b.is_unknown() && b.contains(Product::Datacenter) && !a.contains(Product::Datacenter));
    assert_eq!(a.intersect(b), Some(a));
    assert_eq!(b.without(a), Some(Product::Datacenter.into()));
    assert_eq!(a.without(b), None);
    assert_eq!(a.intersect(Product::Client.into()), None);
    assert_eq!(a.union(Product::Datacenter.into()), b);
    assert_eq!(
        b.iter().collect::<Vec<_>>(),
        [Product::Datacenter, Product::Standard]
    );
    assert_eq!(
        (a.known_element(), a.edition()),
        (Some(Product::Standard), Some(Edition::Standard))
    );
    assert_eq!(
        (b.known_element(), Products::from(Product::Nano).edition()),
        (None, None)
    );
    assert_eq!(
        Products::from(Edition::Essentials),
        Product::Essentials.into()
    );
    assert_eq!(
        (b.to_string(), unknown.to_string()),
        ("Datacenter or Standard".into(), "unknown".into())
    );
    assert_eq!(
        format!("{b:?} {unknown:?}"),
        "{Datacenter, Standard} unknown"
    );
    let hash = |fact: Products| {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        BuildHasherDefault::<DefaultHasher>::default().hash_one(fact)
    };
    assert_eq!(hash(a), hash(Product::Standard.into()));
    assert_ne!(hash(a), hash(b));
    for edition in Edition::ALL {
        assert_eq!(Product::from(*edition).edition(), Some(*edition));
    }
    assert_eq!(
        Releases::from(Release::Ws2016).release(),
        Some(Release::Ws2016)
    );
    assert_eq!(Releases::from(AnyRelease::Older).release(), None);
    assert_eq!(Releases::unknown().release(), None);
}

#[test]
fn yes_and_no() {
    assert_eq!(YesNo::from(true).as_bool(), Some(true));
    assert_eq!(YesNo::from(false).as_bool(), Some(false));
    assert_eq!(YesNo::unknown().as_bool(), None);
    assert_eq!(YesNo::from(Some(true)), true.into());
    assert_eq!(YesNo::from(None), YesNo::unknown());
    assert_eq!(YesNo::from(false).or(true.into()), false.into());
    assert_eq!(YesNo::unknown().or(true.into()), true.into());
    assert_eq!(
        [avma::Answer::No, avma::Answer::Yes].map(avma::Answer::as_str),
        ["no", "yes"]
    );
    assert_eq!(
        [YesNo::from(true), false.into(), Fact::unknown()].map(|fact| fact.to_string()),
        ["yes", "no", "unknown"]
    );
}

#[test]
fn product_keys_are_read_at_the_place_of_the_fault() {
    let text = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    let key = ProductKey::parse(text).unwrap();
    assert_eq!(key.reveal().as_str(), text);
    assert_eq!(text.to_lowercase().parse(), Ok(key));
    assert_eq!(ProductKey::from_symbols(*key.symbols()), Ok(key));
    assert_eq!(key.last_five().as_str(), "DV9BG");
    assert_eq!(
        ProductKey::parse("W3GNR"),
        Err(ProductKeyError::Length { got: 5 })
    );
    assert_eq!(
        ProductKey::parse(&format!("{text} ")),
        Err(ProductKeyError::Length { got: 30 })
    );
    let with = |index: usize, byte: char| {
        let mut changed = text.to_owned();
        changed.replace_range(index..=index, &byte.to_string());
        ProductKey::parse(&changed)
    };
    for index in 0..29 {
        if index % 6 == 5 {
            assert_eq!(with(index, '_'), Err(ProductKeyError::Hyphen { index }));
        } else {
            for foreign in "015AEILOSUZ-_ ".chars() {
                assert_eq!(with(index, foreign), Err(ProductKeyError::Symbol { index }));
            }
            for symbol in "BCDFGHJKMNPQRTVWXY2346789".chars() {
                assert!(with(index, symbol).is_ok(), "{symbol}");
            }
        }
    }
    let mut symbols = *key.symbols();
    symbols[7] = b'O';
    assert_eq!(
        ProductKey::from_symbols(symbols),
        Err(ProductKeyError::Symbol { index: 7 })
    );
    symbols = *b"BBBBBBBBBBBBBBBBBBBBBBBBN";
    assert_eq!(
        key.distance(&ProductKey::from_symbols(symbols).unwrap()),
        24
    );
    assert_eq!(
        ProductKeyError::Symbol { index: 7 }.to_string(),
        "byte 7 is not a symbol of product keys"
    );
}

#[test]
fn last_fives() {
    assert_eq!("dv9bg".parse::<LastFive>().unwrap().as_str(), "DV9BG");
    assert_eq!(
        LastFive::parse("DV9B"),
        Err(LastFiveError::Length { got: 4 })
    );
    assert_eq!(
        LastFive::parse("DV9BO"),
        Err(LastFiveError::Symbol { index: 4 })
    );
    assert_eq!(
        format!("{0} {0:?}", LastFive::parse("DV9BG").unwrap()),
        "DV9BG LastFive(DV9BG)"
    );
}

#[test]
fn hresults_in_every_form() {
    use avma::hresult::HResultError::{NotANumber, TooLarge};
    let fd02 = Ok(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
    for text in [
        "0xC004FD02",
        "0XC004FD02",
        "C004FD02",
        "c004fd02",
        "3221552386",
        "-1073414910",
        " 0xC004FD02 ",
    ] {
        assert_eq!(text.parse(), fd02, "{text}");
    }
    for (text, error) in [
        ("", NotANumber),
        ("0x", NotANumber),
        ("FD02", NotANumber),
        ("0xC004FD0G", NotANumber),
        ("0x1C004FD02", TooLarge),
        ("4294967296", TooLarge),
        ("-2147483649", TooLarge),
        ("99999999999999999999999", TooLarge),
        ("-", NotANumber),
    ] {
        assert_eq!(text.parse::<HResult>(), Err(error), "{text:?}");
    }
    // Eight digits that could be either are decimal, as WMI prints them.
    assert_eq!("12345678".parse(), Ok(HResult(12_345_678)));
    assert_eq!(HResult::from_i32(-1_073_414_910), HResult(0xC004_FD02));
    assert_eq!(HResult::from_number(0xC004_FD02), fd02);
    assert_eq!(HResult::from_number(-1), Ok(HResult(u32::MAX)));
    assert_eq!(HResult::from_number(1 << 32), Err(TooLarge));
    assert!(HResult::OK.is_success() && HResult(0x4004_FC04).is_success());
    assert!(!HResult(0x8000_0000).is_success());
    assert_eq!(HResult(0xC004_FD05).meaning(), None);
    assert_eq!(HResult(0xC004_FD05).symbol(), None);
    assert_eq!(HResult(0xC004_FD03).symbol(), Some("SL_E_IA_ID_MISMATCH"));
}

#[test]
fn vm_ids() {
    let text = "a1a1a1a1-0000-4000-8000-00000000000b";
    let id: VmId = text.parse().unwrap();
    assert_eq!(id, VmId(0xa1a1_a1a1_0000_4000_8000_0000_0000_000b));
    assert_eq!(
        (id.to_string(), format!("{id:?}")),
        (text.into(), format!("VmId({text})"))
    );
    assert_eq!(text.to_uppercase().parse(), Ok(id));
    assert_eq!(format!("{{{text}}}").parse(), Ok(id));
    assert_eq!("".parse::<VmId>(), Err(VmIdError::Length { got: 0 }));
    assert_eq!(
        format!("{{{text}").parse::<VmId>(),
        Err(VmIdError::Length { got: 37 })
    );
    for (index, bad) in [(8, "a"), (0, "-"), (35, "g"), (23, "0")] {
        let mut changed = text.to_owned();
        changed.replace_range(index..=index, bad);
        assert_eq!(changed.parse::<VmId>(), Err(VmIdError::Character { index }));
    }
}

#[test]
fn host_names() {
    assert_eq!(HostName("HV01"), HostName("hv01"));
    assert_ne!(HostName("HV01"), HostName("HV02"));
    assert_eq!(
        HostName("BÜRO01.Example.test"),
        HostName("büro01.example.TEST")
    );
    assert_ne!(HostName("BÜRO01"), HostName("BURO01"));
    assert_ne!(HostName("BÜRO01"), HostName("BÜRO011"));
    assert!(HostName("BÜRO01").may_be(HostName("büro01.example.test")));
    assert_eq!(
        HostName("hv01.example.test").first_label(),
        HostName("HV01")
    );
    let may_be = |a, b| HostName(a).may_be(HostName(b));
    assert!(may_be("HV01", "hv01.example.test") && may_be("hv01.example.test", "HV01"));
    assert!(may_be("hv01.example.test", "HV01.EXAMPLE.TEST"));
    // Two full names with the same first label are two machines.
    assert!(!may_be("hv01.a.test", "hv01.b.test"));
    assert!(!may_be("", ".example.test") && !may_be("hv01", "hv02.example.test"));
    assert_eq!(HostName("HV01").as_str(), "HV01");
}

#[test]
fn times_in_every_form() {
    let parse = |text: &str| text.parse::<Timestamp>();
    let at = Ok(Timestamp(1_763_946_845_123));
    for text in [
        "2025-11-24T02:14:05.1234567+01:00",
        "2025-11-24T01:14:05.123Z",
        "2025-11-24T01:14:05.123",
        "2025-11-24 01:14:05.123Z",
        "2025-11-23T20:14:05.1230-05:00",
        "20251124021405.123456+060",
        "20251124011405.123000-000",
        "/Date(1763946845123)/",
        r"\/Date(1763946845123)\/",
    ] {
        assert_eq!(parse(text), at, "{text}");
    }
    assert_eq!(
        parse("20251124011405.******+***"),
        Ok(Timestamp(1_763_946_845_000))
    );
    assert_eq!(
        parse("2025-11-24T01:14:05Z").unwrap().to_string(),
        "2025-11-24T01:14:05Z"
    );
    assert_eq!(
        parse("2000-02-29T00:00:00Z"),
        Ok(Timestamp(951_782_400_000))
    );
    assert_eq!(parse("1970-01-01T00:00:00Z"), Ok(Timestamp(0)));
    for never in [
        "1601-01-01T00:00:00Z",
        "1601-01-01T01:00:00+01:00",
        "1600-12-31T16:00:00-08:00",
        "16010101000000.000000-000",
        r"\/Date(-11644473600000)\/",
        "1601-01-02T23:59:59Z",
    ] {
        assert!(parse(never).unwrap().is_never(), "{never}");
    }
    assert!(!parse("1601-01-03T00:00:00Z").unwrap().is_never());
    for (text, error) in [
        ("", TimestampError::Form),
        ("24.11.2025 02:14", TimestampError::Form),
        ("11/24/2025", TimestampError::Form),
        ("/Date()/", TimestampError::Form),
        ("2025-11-24", TimestampError::Form),
        ("2025-11-24T01:14:05Zjunk", TimestampError::Form),
        ("2025-11-24T01:14:05.", TimestampError::Form),
        ("2025-11-24T01:14:05.1234567890Z", TimestampError::Form),
        ("20251124011405.123000", TimestampError::Form),
        ("2025-13-01T00:00:00Z", TimestampError::Range),
        ("2025-00-01T00:00:00Z", TimestampError::Range),
        ("2025-02-29T00:00:00Z", TimestampError::Range),
        ("1900-02-29T00:00:00Z", TimestampError::Range),
        ("2025-04-31T00:00:00Z", TimestampError::Range),
        ("2025-01-32T00:00:00Z", TimestampError::Range),
        ("2025-01-00T00:00:00Z", TimestampError::Range),
        ("2025-01-01T24:00:00Z", TimestampError::Range),
        ("2025-01-01T00:60:00Z", TimestampError::Range),
        ("2025-01-01T00:00:61Z", TimestampError::Range),
        ("2025-01-01T00:00:00+24:01", TimestampError::Range),
    ] {
        assert_eq!(parse(text), Err(error), "{text:?}");
    }
    let day = parse("2025-11-24T23:59:59Z").unwrap().day();
    assert_eq!(
        (day.to_string(), day.month().to_string()),
        ("2025-11-24".into(), "2025-11".into())
    );
    assert_eq!(format!("{day:?}"), "Day(2025-11-24)");
}

#[test]
fn every_day_of_eight_centuries_prints_and_reads_back() {
    use avma::time::Day;
    let first = "1600-01-01T00:00:00Z".parse::<Timestamp>().unwrap().day();
    let last = "2400-12-31T00:00:00Z".parse::<Timestamp>().unwrap().day();
    // 801 years, of which 195 are leap years (1600, 2000 and 2400 among them).
    assert_eq!(last.0 - first.0 + 1, 801 * 365 + 195);
    let (mut year, mut month, mut day) = (1600, 1, 1);
    for days in first.0..=last.0 {
        let text = Day(days).to_string();
        assert_eq!(text, format!("{year:04}-{month:02}-{day:02}"));
        assert_eq!(
            format!("{text}T12:00:00Z")
                .parse::<Timestamp>()
                .unwrap()
                .day(),
            Day(days)
        );
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 => 28 + i32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        day += 1;
        if day > length {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn words_travel_as_slugs() {
    let json = serde_json::to_string(&Release::Ws2012R2).unwrap();
    assert_eq!(json, "\"2012-r2\"");
    assert_eq!(
        serde_json::from_str::<Release>("\"Windows Server 2012 R2\"").unwrap(),
        Release::Ws2012R2
    );
    let error = serde_json::from_str::<Edition>("\"gold\"")
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("unknown edition, expected one of datacenter,"),
        "{error}"
    );
    let error = serde_json::from_str::<Edition>("7")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the name of a edition") || error.contains("expected"),
        "{error}"
    );
    let row = avma::catalog::keys::key(
        Release::Ws2022,
        Product::Standard,
        avma::catalog::keys::KeyChannel::Avma,
    );
    assert_eq!(
        serde_json::to_value(row).unwrap(),
        serde_json::json!({
            "release": "2022", "product": "standard", "channel": "avma",
            "key": "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK",
            "source": {
                "title": "Microsoft: Automatic Virtual Machine Activation in Windows Server",
                "dated": "2023-09-19", "evidence": "published",
            },
        })
    );
    assert_eq!(
        serde_json::to_string(&HResult(0xC004_FD02)).unwrap(),
        "\"0xC004FD02\""
    );
    assert_eq!(
        serde_json::to_string(&VmId(1)).unwrap(),
        "\"00000000-0000-0000-0000-000000000001\""
    );
    assert_eq!(
        serde_json::to_string(&Timestamp(0)).unwrap(),
        "\"1970-01-01T00:00:00Z\""
    );
}
