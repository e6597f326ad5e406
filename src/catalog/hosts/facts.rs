//! How the facts of a host, or of a guest, are reached by name.

/// `Type { field: FactName, … }`: the fields as bits over their facts' domains.
macro_rules! facts_by_name {
    ($Type:ident { $($field:ident: $Name:ident),+ $(,)? }) => {
        impl $Type {
            /// The facts that it has, as bits.
            pub(crate) const FACTS: u32 =
                $( crate::catalog::rule::FactName::$Name.bit() )|+;

            /// The possibilities of each fact.
            pub(crate) fn each(&self, mut see: impl FnMut(crate::catalog::rule::FactName, u32)) {
                $( see(crate::catalog::rule::FactName::$Name, self.$field.bits()); )+
            }
        }
    };
}
pub(crate) use facts_by_name;

/// The same for a host, whose facts are also replaced by name: by what is presumed, and by what its
/// administrator sets.
macro_rules! family_facts {
    ($Host:ident { $($field:ident: $Name:ident),+ $(,)? }) => {
        crate::catalog::hosts::facts_by_name! { $Host { $($field: $Name),+ } }

        impl $Host {
            /// Replaces the possibilities of a fact that the family has; `bits` must not be empty.
            pub(crate) fn set(&mut self, fact: crate::catalog::rule::FactName, bits: u32) {
                match fact {
                    $( crate::catalog::rule::FactName::$Name => {
                        self.$field = crate::fact::Fact::from_bits(bits);
                    } )+
                    _ => {}
                }
            }
        }
    };
}
pub(crate) use family_facts;
