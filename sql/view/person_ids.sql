-- person_ids: customers who are one person, by the ids that they share
-- 身份归一
-- practice: Xingyun Youke: one ID
-- needs: customer_id_rows
-- formula: an instance of identity_cluster over customer_id_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS person_ids USING identity_cluster(source=customer_id_rows, record_col=customer, id_type_col=id_type, id_value_col=id_value);
