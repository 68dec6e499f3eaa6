-- What is deleted leaves no words behind: by itself FTS5 only marks an entry as gone, and its words stay in the index
-- until pages happen to be merged. Entries deleted before this version go with the merge.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT INTO search (search) VALUES ('optimize');
