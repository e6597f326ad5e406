//! Answer files of Windows Setup: an AVMA key is for the running guest, Setup itself takes the GVLK.

use avma::catalog::keys::{self, KeyChannel};
use avma::plan::{Unattend, WillShowUi};
use avma::scan::{Fault, Surroundings, Verdict, scan};
use avma::{Product, Release};

const AVMA: &str = "TNK62-RXVTB-4P47B-2D623-4GF74";
const GVLK: &str = "N69G4-B89J2-4G8F4-WWYCC-J464C";
const IMAGE: &str = "<ImageInstall><OSImage><InstallFrom><MetaData wcm:action=\"add\">\
    <Key>/IMAGE/NAME</Key><Value>Windows Server 2019 SERVERSTANDARD</Value></MetaData></InstallFrom>\
    </OSImage></ImageInstall>";

fn of_setup(key: &str) -> String {
    format!(
        "<UserData><AcceptEula>true</AcceptEula><ProductKey><Key>{key}</Key></ProductKey></UserData>"
    )
}

fn settings(pass: &str, component: &str, content: &str) -> String {
    format!(
        "  <settings pass=\"{pass}\">\n    <component name=\"{component}\" language=\"neutral\">\n\
         {content}\n    </component>\n  </settings>\n"
    )
}

fn file(content: &str) -> String {
    format!("<unattend xmlns=\"urn:schemas-microsoft-com:unattend\">\n{content}</unattend>\n")
}

/// For each key its faults and what should stand there, as `avma-for-gvlk N69G4`.
fn judged(text: &str) -> Vec<String> {
    scan(text)
        .map(|finding| {
            let around = Surroundings::of(text, &finding);
            let judgement = around.wanted.judge(&finding);
            let faults: Vec<_> = judgement.faults().map(Fault::as_str).collect();
            let should = judgement.should.map(|row| row.key.to_string());
            let should = should.map_or(String::new(), |key| format!(" {}", &key[..5]));
            match judgement.verdict() {
                Verdict::Wrong => faults.join(" ") + &should,
                verdict => verdict.as_str().to_owned() + &should,
            }
        })
        .collect()
}

#[test]
fn setup_takes_the_gvlk() {
    let setup = "Microsoft-Windows-Setup";
    let pe = |content: &str| file(&settings("windowsPE", setup, content));
    assert_eq!(
        judged(&pe(&format!("{IMAGE}{}", of_setup(AVMA)))),
        ["avma-for-gvlk N69G4"]
    );
    assert_eq!(
        judged(&pe(&format!("{}{IMAGE}", of_setup(AVMA)))),
        ["avma-for-gvlk N69G4"]
    );
    assert_eq!(
        judged(&pe(&format!("{IMAGE}{}", of_setup(GVLK)))),
        ["right"]
    );
    // Without an image the AVMA key serves several releases, whose GVLKs differ.
    assert_eq!(judged(&pe(&of_setup(AVMA))), ["avma-for-gvlk"]);
    let r2 = "DBGBW-NPF86-BJVTX-K3WKJ-MTB6V";
    assert_eq!(judged(&pe(&of_setup(r2))), ["avma-for-gvlk D2N9P"]);
    // Two images: which one is meant is not known.
    let other = IMAGE.replace("2019", "2022");
    assert_eq!(
        judged(&pe(&format!("{IMAGE}{other}{}", of_setup(r2)))),
        ["avma-for-gvlk D2N9P"]
    );
    // Of another release than its image.
    assert_eq!(
        judged(&pe(&format!("{IMAGE}{}", of_setup(r2)))),
        ["avma-for-gvlk other-release N69G4"]
    );
    // A fragment, without the pass around it.
    assert_eq!(judged(&of_setup(r2)), ["avma-for-gvlk D2N9P"]);
    // A comment says what is meant, Setup takes what it takes.
    let commented = of_setup(r2).replace("<Key>", "<!-- the AVMA key <b> -->\n<Key>");
    assert_eq!(judged(&pe(&commented)), ["avma-for-gvlk D2N9P"]);
    // A key of no list: the published one is named.
    let unlisted = of_setup("RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289");
    assert_eq!(
        judged(&pe(&format!("{IMAGE}{unlisted}"))),
        ["unlisted N69G4"]
    );
}

#[test]
fn the_running_system_takes_either() {
    let shell = "Microsoft-Windows-Shell-Setup";
    for key in [AVMA, GVLK] {
        let key = format!("<ProductKey>{key}</ProductKey>");
        let specialize = settings("specialize", shell, &key);
        let pe = settings("windowsPE", "Microsoft-Windows-Setup", IMAGE);
        assert_eq!(
            judged(&file(&format!("{pe}{specialize}"))),
            ["right"],
            "{key}"
        );
        assert_eq!(judged(&file(&specialize)), ["not-judged"], "{key}");
    }
    // Both keys in their places, as the crate writes them.
    let mut compared = 0;
    for release in Release::ALL {
        for product in Product::ALL {
            let Ok(unattend) = Unattend::for_guest(*release, *product) else {
                continue;
            };
            let unattend = unattend.selecting_image(WillShowUi::OnError).unwrap();
            assert_eq!(judged(&unattend.to_string()), ["not-judged", "not-judged"]);
            compared += 1;
        }
    }
    assert_eq!(compared, keys::rows(KeyChannel::Avma).count());
}

#[test]
fn other_texts_are_no_answer_files() {
    let r2 = "DBGBW-NPF86-BJVTX-K3WKJ-MTB6V";
    for text in [
        format!("<Key>{r2}</Key>"),
        format!("<a/><ProductKey>{r2}</ProductKey>"),
        format!("<UserData></UserData><ProductKey>{r2}</ProductKey>"),
        format!("<!-- <UserData> --><ProductKey>{r2}</ProductKey>"),
        format!("<UserData><Other>{r2}</Other></UserData>"),
        format!("<UserData><ProductKey>see {r2}</ProductKey></UserData>"),
        format!(
            "<settings pass=\"specialize\"><UserData><ProductKey>{r2}</ProductKey></UserData></settings>"
        ),
        format!("> {r2}"),
        format!("<> {r2}"),
        format!("--> {r2}"),
    ] {
        assert_eq!(judged(&text), ["not-judged"], "{text}");
    }
}

/// The bytes of a file that are read for each key are bounded.
#[test]
fn many_keys_in_one_file() {
    let text = "<UserData><ProductKey>".to_owned() + AVMA;
    let text = text.repeat(2_000);
    assert!(judged(&text).iter().all(|word| word == "avma-for-gvlk"));
}
