//! An entity that is read call by call.
//!
//! Each answer goes out as it comes, so that one that is throttled keeps none of the others back.
//! What is known already is never asked for again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::errors::Failure;
use crate::iam::{Batch, Field};
use crate::source::{Event, Sink};

/// An entity of which some fields are still unknown.
#[derive(Debug)]
pub(super) struct Filling<'a, T> {
    entity: Mutex<T>,
    sink: &'a Sink,
    batch: fn(T) -> Batch,
}

impl<'a, T: Clone> Filling<'a, T> {
    /// Begins with what is known. `batch` makes the news from it.
    pub(super) fn new(entity: T, sink: &'a Sink, batch: fn(T) -> Batch) -> Self {
        Self {
            entity: Mutex::new(entity),
            sink,
            batch,
        }
    }

    /// Reads something of what is known so far.
    pub(super) fn look<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        look(&self.lock())
    }

    /// Takes an answer in, and tells what is known with it.
    pub(super) fn learn(&self, set: impl FnOnce(&mut T)) {
        let so_far = {
            let mut entity = self.lock();
            set(&mut entity);
            entity.clone()
        };
        // Nobody listens once the interface has ended.
        let _ = self.sink.send(Event::Batch((self.batch)(so_far)));
    }

    /// Asks for a field, where nothing is known of it yet.
    pub(super) async fn fill<F>(
        &self,
        field: fn(&mut T) -> &mut Field<F>,
        call: impl Future<Output = Result<F, Failure>>,
    ) {
        let unknown = field(&mut self.lock()).is_unknown();
        if unknown {
            let told = told(call.await);
            self.learn(|entity| *field(entity) = told);
        }
    }

    /// What is known in the end, as news.
    pub(super) fn finish(self) -> Batch {
        let entity = self.entity.into_inner();
        (self.batch)(entity.unwrap_or_else(PoisonError::into_inner))
    }

    /// It holds plain data, so that one thread's panic leaves it usable.
    fn lock(&self) -> MutexGuard<'_, T> {
        self.entity.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call's answer makes of a field.
pub(super) fn told<T>(answer: Result<T, Failure>) -> Field<T> {
    match answer {
        Ok(value) => Field::Known(value),
        Err(failure) => failure.field(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[tokio::test]
    async fn an_answer_is_told_before_the_next_one_comes() {
        let (sink, mut news) = unbounded_channel();
        let filling = Filling::new((Field::Unknown, Field::<u8>::Unknown), &sink, |_| {
            Batch::default()
        });
        filling.fill(|f| &mut f.0, async { Ok(1) }).await;
        assert!(matches!(news.try_recv(), Ok(Event::Batch(_))));
        filling
            .fill(|f| &mut f.1, async {
                Err(Failure::other("iam:ListUsers", "odd"))
            })
            .await;
        assert!(news.try_recv().is_ok());
        let state = filling.look(Clone::clone);
        assert_eq!(state, (Field::Known(1), Field::Failed("odd".into())));
    }

    #[tokio::test]
    async fn what_is_known_is_neither_asked_for_nor_told() {
        let (sink, mut news) = unbounded_channel();
        let filling = Filling::new(Field::Known(1), &sink, |_| Batch::default());
        filling.fill(|f| f, async { panic!("nobody asks") }).await;
        assert_eq!(filling.look(Clone::clone), Field::Known(1));
        assert!(news.try_recv().is_err());
    }
}
