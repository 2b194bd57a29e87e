-- What a household is shown: who opened or changed its record. Other events have no place in this index and cost nothing.
CREATE INDEX event_of_record ON event (community_id, subject_id, seq)
  WHERE topic IN ('household.opened', 'household.changed');
