//! What the text around a key says of it.

use avma::Releases;
use avma::catalog::keys::KeyChannel::{self, Avma};
use avma::scan::{Fault, Surroundings, Verdict, Wanted, scan};

/// For each key of a text its last five, and the place as `release product channel`.
fn places(text: &str) -> Vec<String> {
    let place = |wanted: &Wanted| {
        let release = |releases: Releases| {
            releases
                .known_element()
                .map_or("-".to_owned(), |release| release.as_str().to_owned())
        };
        let product = wanted.products.known_element();
        format!(
            "{} {} {}",
            release(wanted.releases),
            product.map_or("-", |product| product.as_str()),
            wanted.channel.map_or("-", KeyChannel::as_str)
        )
    };
    scan(text)
        .map(|finding| {
            let written = &text[finding.range.clone()];
            let last = &written[written.len() - 5..];
            format!("{last} {}", place(&Surroundings::of(text, &finding).wanted))
        })
        .collect()
}

#[test]
fn captions_on_the_line_of_the_key() {
    for (text, place) in [
        (
            "'Windows Server 2022 Standard' = 'VDYBN-27WPP-V4HQT-9VMD4-VMK7H'",
            "2022 standard -",
        ),
        (
            "Windows Server 2022 Datacenter AVMA key: WX4NM-KYWYW-QJJR4-XV3QB-6VM33",
            "2022 datacenter avma",
        ),
        (
            "slmgr /ipk W3GNR-8DDXR-2TFRP-H8P33-DV9BG # Windows Server 2022 Datacenter",
            "2022 datacenter -",
        ),
        (
            "windows_2019_standard_key: N69G4-B89J2-4G8F4-WWYCC-J464C",
            "2019 standard -",
        ),
        (
            "{\"os\":\"Windows Server 2016 Essentials\",\"avma\":\"B4YNW-62DX9-W8V6M-82649-MHBKQ\"}",
            "2016 essentials avma",
        ),
        (
            "Windows Server 2012 R2,Standard,KMS,D2N9P-3P6X9-2R39C-7RTCD-MDVJX",
            "2012-r2 standard gvlk",
        ),
        (
            "DISM /Online /Set-Edition:ServerStandard /ProductKey:N69G4-B89J2-4G8F4-WWYCC-J464C",
            "- standard -",
        ),
        (
            "<Key>NTBV8-9K7Q8-V27C6-M2BTV-KHMXV</Key> <!-- Azure Edition -->",
            "- datacenter-azure-edition -",
        ),
        ("standard: VDYBN-27WPP-V4HQT-9VMD4-VMK7H", "- standard -"),
        // Nothing, or nothing that is sure.
        ("ProductKey=WX4NM-KYWYW-QJJR4-XV3QB-6VM33", "- - -"),
        (
            "2022-11-03 10:00 key VDYBN-27WPP-V4HQT-9VMD4-VMK7H set",
            "- - -",
        ),
        (
            "3.11.2022 Windows Server Standard VDYBN-27WPP-V4HQT-9VMD4-VMK7H",
            "- standard -",
        ),
        (
            "Windows Server 2019 or 2022 Standard: VDYBN-27WPP-V4HQT-9VMD4-VMK7H",
            "- standard -",
        ),
        (
            "on a Windows Server 2025 Datacenter host: VDYBN-27WPP-V4HQT-9VMD4-VMK7H",
            "- - -",
        ),
        ("not AVMA but KMS: VDYBN-27WPP-V4HQT-9VMD4-VMK7H", "- - -"),
        (
            "slmgr /skms kms.example.test; slmgr /ipk VDYBN-27WPP-V4HQT-9VMD4-VMK7H",
            "- - -",
        ),
        (
            "Windows Server 2022 Standard VDYBN-27WPP-V4HQT-9VMD4-VMK7H, not Windows Server 2019 Datacenter",
            "- - -",
        ),
    ] {
        let found = places(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(&found[0][6..], place, "{text}");
    }
}

#[test]
fn every_key_of_a_line_has_its_own_caption() {
    let text = r#"{"2022 Datacenter":"WX4NM-KYWYW-QJJR4-XV3QB-6VM33","2022 Standard":"VDYBN-27WPP-V4HQT-9VMD4-VMK7H"}"#;
    assert_eq!(
        places(text),
        ["6VM33 2022 datacenter -", "VMK7H 2022 standard -"]
    );
}

#[test]
fn tables_of_bars() {
    let text = "\
### Windows Server 2022

| Edition | AVMA key | KMS client key |
|---|---|---|
| Datacenter | W3GNR-8DDXR-2TFRP-H8P33-DV9BG | WX4NM-KYWYW-QJJR4-XV3QB-6VM33 |
| Standard | YDFWN-MJ9JR-3DYRK-FXXRW-78VHK | VDYBN-27WPP-V4HQT-9VMD4-VMK7H |

| | Windows Server 2016 | Windows Server 2012 R2 |
|---|---|---|
| Datacenter | TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J | Y4TGP-NPTV9-HTC2H-7MGQ3-BD4TW |
";
    assert_eq!(
        places(text),
        [
            "DV9BG 2022 datacenter avma",
            "6VM33 2022 datacenter gvlk",
            "78VHK 2022 standard avma",
            "VMK7H 2022 standard gvlk",
            "CWG3J 2016 datacenter -",
            "BD4TW 2012-r2 datacenter -",
        ]
    );
}

#[test]
fn lines_and_headings_above() {
    let yaml = "\
avma_keys:
  2022:
    datacenter:
      key: W3GNR-8DDXR-2TFRP-H8P33-DV9BG
    standard:
      key: YDFWN-MJ9JR-3DYRK-FXXRW-78VHK
  2019:
    standard:
      key: N69G4-B89J2-4G8F4-WWYCC-J464C
";
    let expected = [
        "DV9BG 2022 datacenter avma",
        "78VHK 2022 standard avma",
        "J464C 2019 standard avma",
    ];
    assert_eq!(places(yaml), expected);
    let shell = "\
switch -Wildcard ($caption) {
    '*Windows Server 2022 Standard*' {
        & slmgr.vbs /ipk YDFWN-MJ9JR-3DYRK-FXXRW-78VHK
    }
    '*Windows Server 2019 Datacenter*' {
        & slmgr.vbs /ipk WMDGN-G9PQG-XVVXX-R3X43-63DFG
    }
}
";
    assert_eq!(
        places(shell),
        ["78VHK 2022 standard -", "63DFG 2019 datacenter -"]
    );
    let hcl = "image       = \"Windows Server 2025 Standard\"\nproduct_key = \"WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4\"\n";
    assert_eq!(places(hcl), ["9HPQ4 2025 standard -"]);
    let notes = "# Windows Server 2022\n\n## Standard\n\n    W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n";
    assert_eq!(places(notes), ["DV9BG 2022 standard -"]);
}

#[test]
fn little_is_believed() {
    for text in [
        // A sentence, not a caption.
        "# Tested on Windows Server 2019\n$key = 'W3GNR-8DDXR-2TFRP-H8P33-DV9BG'\n",
        // Too far away for anything but a heading.
        "image: Windows Server 2019 Standard\na: 1\nb: 2\nc: 3\nkey: W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n",
        // The caption of another key.
        "Windows Server 2019 Standard: TNK62-RXVTB-4P47B-2D623-4GF74\n\n",
        // The standard library, and numbers.
        "use the standard library\n2022\n1809,\nkey: W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n",
        // It may as well be that below.
        "Windows Server 2019 Standard\nW3GNR-8DDXR-2TFRP-H8P33-DV9BG\nWindows Server 2022 Datacenter\n",
        // A line of source text, deeper than the key.
        "        Gvlk = \"gvlk\", \"KMS client key (GVLK)\";\n}\n\n/// Whole: `W3GNR-8DDXR-2TFRP-H8P33-DV9BG`.\n",
        "        KMS\n}\n\n/// Whole: `W3GNR-8DDXR-2TFRP-H8P33-DV9BG`.\n",
        // A block that ended.
        "standard:\n  x: 1\ny: 2\nother: W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n",
        "host: Windows Server 2019 Standard\nkey: W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n",
    ] {
        let text = format!("{text}\n");
        for finding in scan(&text) {
            let judgement = Surroundings::of(&text, &finding).wanted.judge(&finding);
            assert_ne!(judgement.verdict(), Verdict::Wrong, "{text}");
        }
    }
}

#[test]
fn the_caption_is_shown_where_it_stands() {
    let text = "# Windows Server 2022\n\nStandard = W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n";
    let finding = scan(text).next().unwrap();
    let around = Surroundings::of(text, &finding);
    assert_eq!(&text[around.caption.unwrap()], "Standard = ");
    let judgement = around.wanted.judge(&finding);
    assert_eq!(
        judgement.faults().collect::<Vec<_>>(),
        [Fault::OtherEdition]
    );
    assert_eq!(judgement.should.unwrap().channel, Avma);
}
