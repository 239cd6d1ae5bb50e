package io.sekisho.testkit.db;

import io.sekisho.testkit.db.Faults.Call;
import io.sekisho.testkit.db.Faults.Fault;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose connections break when {@link Faults} says so, as those of a real database do: the call fails with
 * SQLSTATE 08006, an open transaction is rolled back, and the connection is of no use any more. A call that fails
 * {@linkplain Fault#AFTER after} it took effect is the one that matters most: the commit is done, its answer lost.
 */
public final class FailingDataSource implements DataSource {
    private static final System.Logger LOG = System.getLogger(FailingDataSource.class.getName());
    private static final String BROKEN = "08006";

    private final DataSource real;
    private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.none());
    private final AtomicInteger injected = new AtomicInteger();

    /** Nothing fails until faults are set. @param real where the connections come from, such as a pool */
    public FailingDataSource(DataSource real) {
        this.real = real;
    }

    /** From now on these faults. */
    public void set(Faults next) {
        faults.set(next);
    }

    /** How many calls were made to fail. */
    public int injected() {
        return injected.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connect(real::getConnection);
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return connect(() -> real.getConnection(username, password));
    }

    private interface Opening {
        Connection open() throws SQLException;
    }

    private Connection connect(Opening opening) throws SQLException {
        Fault fault = next(Call.CONNECT, "");
        if (fault != Fault.NONE) {
            throw new SQLException("the connection cannot be made (injected)", "08001");
        }
        FailingConnection handler = new FailingConnection(opening.open());
        return proxy(Connection.class, handler);
    }

    private Fault next(Call call, String sql) {
        Fault fault = faults.get().next(call, sql);
        if (fault != Fault.NONE) {
            injected.incrementAndGet();
        }
        return fault;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(FailingDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** Connections and statements are equal only to themselves. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object proxy, @Nullable Object @Nullable [] arguments) {
        return arguments != null && proxy == arguments[0];
    }

    /** A real call of a driver. */
    private interface RealCall {
        @Nullable
        Object make() throws Throwable;
    }

    /** One connection and what was opened on it. */
    private final class FailingConnection implements InvocationHandler {
        private final Connection connection;
        private volatile boolean broken;

        FailingConnection(Connection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            String name = method.getName();
            if (broken) {
                return switch (name) {
                    case "close", "abort" -> {
                        giveBack();
                        yield null;
                    }
                    case "isClosed" -> true;
                    case "isValid" -> false;
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> same(proxy, arguments);
                    default -> throw new SQLException("the connection is broken (injected)", "08003");
                };
            }
            if (name.equals("commit")) {
                return guarded(Call.COMMIT, "", () -> call(connection, method, arguments));
            }
            if (name.equals("equals")) {
                return same(proxy, arguments);
            }
            Object result = call(connection, method, arguments);
            String sql = arguments != null && arguments.length > 0 && arguments[0] instanceof String s ? s : "";
            Connection own = (Connection) proxy;
            return switch (result) {
                case CallableStatement s -> proxy(CallableStatement.class, new FailingStatement(this, own, s, sql));
                case PreparedStatement s -> proxy(PreparedStatement.class, new FailingStatement(this, own, s, sql));
                case Statement s -> proxy(Statement.class, new FailingStatement(this, own, s, sql));
                case null, default -> result;
            };
        }

        @Nullable
        Object guarded(Call what, String sql, RealCall real) throws Throwable {
            return switch (next(what, sql)) {
                case NONE -> real.make();
                case BEFORE -> throw broke("before");
                case AFTER -> {
                    real.make();
                    throw broke("after");
                }
            };
        }

        /** A pool notices here that the connection is dead, and says so; the caller knows. */
        private void giveBack() {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "closed a broken connection", e);
            }
        }

        /** Breaks the connection. The transaction is rolled back here and now, so that a test does not depend on when the server notices. */
        private SQLException broke(String when) {
            broken = true;
            SQLException lost = new SQLException("the connection broke " + when + " the call (injected)", BROKEN);
            try {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                lost.addSuppressed(e);
            }
            return lost;
        }
    }

    /** One statement. */
    private record FailingStatement(FailingConnection connection, Connection own, Statement statement, String sql)
            implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            String name = method.getName();
            if (name.equals("getConnection")) {
                return own;
            }
            if (name.equals("equals")) {
                return same(proxy, arguments);
            }
            if (connection.broken) {
                return switch (name) {
                    case "close" -> null;
                    case "isClosed" -> true;
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> throw new SQLException("the connection is broken (injected)", "08003");
                };
            }
            if (name.startsWith("execute")) {
                String text = arguments != null && arguments.length > 0 && arguments[0] instanceof String s ? s : sql;
                return connection.guarded(Call.STATEMENT, text, () -> call(statement, method, arguments));
            }
            return call(statement, method, arguments);
        }
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
