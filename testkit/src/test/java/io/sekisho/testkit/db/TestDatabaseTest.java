package io.sekisho.testkit.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(180)
class TestDatabaseTest {
    private static final TestDatabase.Migration TRIED = new TestDatabase.Migration("tried", "classpath:db/tried");

    @Test
    void databasesOfTheSameMigrationsShareNothing() throws Exception {
        try (TestDatabase one = TestDatabase.fresh(TRIED);
                TestDatabase two = TestDatabase.fresh(TRIED)) {
            JdbcClient.create(one.gateway()).sql("insert into tried values (1)").update();
            String count = "select count(*) from tried";
            assertEquals(
                    1,
                    JdbcClient.create(one.gateway())
                            .sql(count)
                            .query(Integer.class)
                            .single());
            assertEquals(
                    0,
                    JdbcClient.create(two.gateway())
                            .sql(count)
                            .query(Integer.class)
                            .single());
        }
    }

    @Test
    void theLoginsHaveTheirRealRights() throws Exception {
        try (TestDatabase database = TestDatabase.fresh(TRIED)) {
            assertThrows(
                    DataAccessException.class,
                    () -> JdbcClient.create(database.gateway())
                            .sql("delete from tried")
                            .update());
            assertThrows(
                    DataAccessException.class,
                    () -> JdbcClient.create(database.database().operator())
                            .sql("select * from tried")
                            .query()
                            .listOfRows());
            assertThrows(
                    DataAccessException.class,
                    () -> JdbcClient.create(database.gateway())
                            .sql("create table mine (n int)")
                            .update());
            assertEquals(
                    List.of(),
                    JdbcClient.create(database.gateway())
                            .sql("select datname from pg_database d where datname = current_database()"
                                    + " and exists (select from aclexplode(d.datacl) where grantee = 0)")
                            .query(String.class)
                            .list(),
                    "everybody may connect");
        }
    }

    @Test
    void theSuperuserSeesTheSameDatabase() throws Exception {
        try (TestDatabase database = TestDatabase.fresh(TRIED);
                Connection superuser = database.superuser();
                Statement statement = superuser.createStatement()) {
            statement.execute("insert into tried values (9)");
            try (ResultSet fsync = statement.executeQuery("show fsync")) {
                assertTrue(fsync.next());
                assertEquals("on", fsync.getString(1));
            }
            assertEquals(
                    9,
                    JdbcClient.create(database.gateway())
                            .sql("select n from tried")
                            .query(Integer.class)
                            .single());
        }
    }

    @Test
    void aClosedDatabaseIsGone() throws Exception {
        TestDatabase database = TestDatabase.fresh();
        database.close();
        assertThrows(SQLException.class, database::superuser);
    }
}
