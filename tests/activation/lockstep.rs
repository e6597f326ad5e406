//! The real guest beside the naive one, step by step.

use avma::activation::guest::{Output, Platform};
use avma::time::Instant;
use proptest::prelude::*;

use crate::actions::{Run, configs, runs};
use crate::ground::{HOST, VM, guest};
use crate::naive::Naive;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn the_naive_guest_does_the_same(config in configs(), run in runs()) {
        let mut real = Run::new();
        let mut naive = Naive::new(VM, guest(), Platform::HyperV(HOST));
        for action in run {
            let (now, input, step) = real.go(&config, action);
            let outputs: Vec<Output> = step.outputs().collect();
            let expected = naive.step(&config, now, input);
            prop_assert_eq!(&outputs, &expected, "{}", real.log);
            prop_assert_eq!(step.state.kind().as_str(), naive.name(), "{}", real.log);
            prop_assert_eq!(step.state.bound_to(), naive.bound_to(), "{}", real.log);
            let timeout = naive.timeout().map(Instant);
            prop_assert_eq!(step.state.next_timeout(&config), timeout, "{}", real.log);
        }
    }
}
